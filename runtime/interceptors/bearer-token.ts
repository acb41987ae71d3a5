import { refuse } from '../errors/refuse.js'

/** The metadata that a token travels as. */
export const AUTHORIZATION = 'authorization'

/** What stands before it (RFC 6750, section 2.1). */
const SCHEME = 'Bearer '

/** A token as it travels. */
export function printToken(token: string): string {
  return SCHEME + token
}

/** The token that travelled; undefined where the text holds none. */
export function parseToken(authorization: string | undefined): string | undefined {
  return authorization?.startsWith(SCHEME) ? authorization.slice(SCHEME.length) : undefined
}

/** Throws `invalid_argument` for what is no token: an environment variable that is not set must not become one. */
export function checkToken(token: unknown): string {
  if (typeof token === 'string' && token !== '') return token
  // Not even a part of a token is printed.
  const found = token === '' ? 'empty' : `${token === null ? 'null' : typeof token}`
  throw refuse('invalid_argument', `a token is ${found}, expected a text that is not empty`)
}
