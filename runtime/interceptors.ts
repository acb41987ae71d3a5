/// <reference types="node" preserve="true" />
/** Interceptors that are ready to use: the entry `netgen/interceptors`. */
export { type CallLoggerOptions, createCallLogger } from './interceptors/create-call-logger.js'
export { createTokenSender, type FindToken } from './interceptors/create-token-sender.js'
export { createTokenVerifier, type TokenVerifierOptions } from './interceptors/create-token-verifier.js'
