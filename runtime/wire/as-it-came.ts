import type { Receiver } from './exchange.js'

/** Hands over what came: the promise of a call resolves with the answer, or rejects with the error. */
export const AS_IT_CAME: Receiver = { receive: (answer) => answer, fail: (error) => Promise.reject(error) }
