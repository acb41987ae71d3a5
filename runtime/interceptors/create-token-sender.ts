import type { Interceptor, OutgoingCall } from '../api/interceptor.js'
import { AUTHORIZATION, checkToken, printToken } from './bearer-token.js'

/** Finds the token for a call; undefined sends none. */
export type FindToken = (call: OutgoingCall) => string | undefined | Promise<string | undefined>

/**
 * An interceptor of callers that sends a token with each call, as the metadata `authorization: Bearer …`. It goes to every peer
 * that is called: give a function to choose by the call.
 *
 * Throws `invalid_argument` for a token that is empty or no text; with a function, the call does.
 */
export function createTokenSender(token: string | FindToken): Interceptor<OutgoingCall> {
  const find = typeof token === 'function' ? token : undefined
  const fixed = find === undefined ? checkToken(token) : undefined
  return async function sendToken(call, next) {
    const found = find === undefined ? fixed : await find(call)
    if (found !== undefined) call.metadata.set(AUTHORIZATION, printToken(checkToken(found)))
    return next()
  }
}
