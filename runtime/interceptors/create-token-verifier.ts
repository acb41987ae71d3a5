import { createHash, timingSafeEqual } from 'node:crypto'
import type { ContextKey } from '../api/context-values.js'
import type { IncomingCall, Interceptor } from '../api/interceptor.js'
import { refuse } from '../errors/refuse.js'
import { AUTHORIZATION, checkToken, parseToken } from './bearer-token.js'

/** Whom to let pass. */
export interface TokenVerifierOptions<User> {
  /** The users by their tokens. Read once; the tokens themselves are not kept. */
  readonly users: ReadonlyMap<string, User>
  /** Under this key the handler finds the user in `ctx.values`. */
  readonly key: ContextKey<User>
}

/**
 * An interceptor of callees that lets only those calls pass that have a known token, as `createTokenSender` sends it, and puts the
 * token's user into the context. How long it takes does not depend on the token.
 *
 * All others get `unauthenticated`, also those of netgen's own connections. Throws `invalid_argument` for a token that is empty
 * or no text.
 */
export function createTokenVerifier<User>({ users, key }: TokenVerifierOptions<User>): Interceptor<IncomingCall> {
  const known = Array.from(users, ([token, user]) => ({ digest: digestToken(checkToken(token)), user }))
  return function verifyToken(call, next) {
    const token = parseToken(call.metadata.get(AUTHORIZATION))
    const found = token === undefined ? undefined : findToken(known, token)
    if (found === undefined) throw refuse('unauthenticated', `token for ${call.tag} is missing or wrong`)
    call.values.set(key, found.user)
    return next()
  }
}

interface KnownToken<User> {
  readonly digest: Buffer
  readonly user: User
}

function findToken<User>(known: readonly KnownToken<User>[], token: string): KnownToken<User> | undefined {
  const digest = digestToken(token)
  let found: KnownToken<User> | undefined
  // None is skipped: how long it takes tells nobody where a token stands, or how much of it was right.
  for (const entry of known) if (timingSafeEqual(entry.digest, digest)) found = entry
  return found
}

/** Digests all have one length. */
function digestToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
