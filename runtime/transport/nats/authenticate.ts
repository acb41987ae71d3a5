import { refuse } from '../../errors/refuse.js'
import { readOwnFile } from '../own-file.js'
import { CredentialsFile } from './credentials-file.js'
import type { Authenticator, Nats } from './load-nats.js'
import { checkSeed, type Login } from './login.js'

/** What tells a server who connects. */
export interface Authentication {
  /** Undefined: there is nothing to tell. */
  readonly authenticator: Authenticator | undefined
  /** What a server did that lets nobody in with it, and what to do: the end of a message. It shows no secret. */
  explain(): string
}

type Client = Pick<Nats, 'jwtAuthenticator' | 'nkeyAuthenticator' | 'nkeys'>

/**
 * Makes what tells a server who connects. Rejects with `invalid_argument` for what is no seed and no credentials, `permission_denied` for a
 * file that others may read, and `unavailable` for one that cannot be read.
 */
export async function createAuthentication(login: Login | undefined, client: Client): Promise<Authentication> {
  switch (login?.kind) {
    case undefined:
      return {
        authenticator: undefined,
        explain: () => 'does not let this peer in: name its user in the URL, or its credentials to nats of netgen/nats',
      }
    case 'user':
      return {
        authenticator: () => ({ user: login.user, pass: login.password }),
        explain: () => `does not take the user ${JSON.stringify(login.user)} with its password: correct them`,
      }
    case 'token':
      return {
        authenticator: () => ({ auth_token: login.token }),
        explain: () => 'does not take the token: correct it, or name a user with its password',
      }
    case 'seed':
      return authenticateBySeed(login.seed, 'option nkeySeed of nats', client)
    case 'seed-file': {
      const what = `nkey file ${login.path}`
      const text = await readOwnFile(login.path, 'nkey file')
      return authenticateBySeed(checkSeed(text.trim(), what), what, client)
    }
    case 'credentials-file':
      return authenticateByFile(login.path, client)
  }
}

function authenticateBySeed(text: string, what: string, { nkeyAuthenticator, nkeys }: Client): Authentication {
  const seed = Buffer.from(text)
  const publicKey = readPublicKey(seed, what, nkeys)
  return {
    authenticator: nkeyAuthenticator(seed),
    explain: () => `does not take the nkey ${publicKey}: add it to the users of the server`,
  }
}

async function authenticateByFile(path: string, { jwtAuthenticator, nkeys }: Client): Promise<Authentication> {
  const file = await CredentialsFile.open(path, (seed) => {
    readPublicKey(Buffer.from(seed), `credentials file ${path}`, nkeys)
  })
  return {
    // What throws here ends the connection for good.
    authenticator: (nonce) => {
      const { jwt, seed } = file.read()
      return jwtAuthenticator(jwt, Buffer.from(seed))(nonce)
    },
    explain: () => {
      const { expiresAtMs } = file
      return expiresAtMs !== undefined && expiresAtMs <= Date.now()
        ? `does not take the credentials file ${path}: it ended at ${new Date(expiresAtMs).toISOString()}, replace it`
        : `does not take the credentials file ${path}: its user is revoked, or its account not known there`
    },
  }
}

function readPublicKey(seed: Uint8Array, what: string, nkeys: Client['nkeys']): string {
  try {
    return nkeys.fromSeed(seed).getPublicKey()
  } catch {
    // Without the cause, which may show the seed.
    throw refuse('invalid_argument', `${what} is no seed of a user's nkey: its checksum is wrong`)
  }
}
