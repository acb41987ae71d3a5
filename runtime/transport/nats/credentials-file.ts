import { refuse } from '../../errors/refuse.js'
import { readOwnFile, readOwnFileAtOnce } from '../own-file.js'

/** What a credentials file holds. */
export interface Credentials {
  /** A JSON Web Token, which says who the user is. */
  readonly jwt: string
  /** The seed of the user's nkey, which proves it. */
  readonly seed: string
}

/** Two blocks, each between lines of dashes, as `nsc` writes them. */
const BLOCK = /^-{3,} *BEGIN [^\n]*-{3,}\s*\n\s*(\S+)\s*\n-{3,} *END [^\n]*-{3,}\s*$/gm

/** A credentials file, which may be replaced while it is in use: by one whose token lasts longer. */
export class CredentialsFile {
  readonly path: string
  readonly #check: (seed: string) => void
  #last: Credentials

  private constructor(path: string, check: (seed: string) => void, first: Credentials) {
    this.path = path
    this.#check = check
    this.#last = first
  }

  /**
   * Opens a file. `check` throws for what is no seed, and what it throws is thrown. Rejects with `invalid_argument` where the file holds no
   * credentials, `permission_denied` where others may read it, and `unavailable` where it cannot be read.
   */
  static async open(path: string, check: (seed: string) => void): Promise<CredentialsFile> {
    const credentials = parseCredentials(await readOwnFile(path, 'credentials file'))
    if (credentials === undefined)
      throw refuse(
        'invalid_argument',
        `credentials file ${path} holds none: \`nsc generate creds\` prints what belongs there`,
      )
    check(credentials.seed)
    return new CredentialsFile(path, check, credentials)
  }

  /** What it holds now; what it held last, while it is gone, half written, broken, or open to other users. Never throws. */
  read(): Credentials {
    // At once, since the client of NATS waits for nobody here; that is once for each connection.
    const found = parseCredentials(readOwnFileAtOnce(this.path) ?? '')
    if (found !== undefined && this.#isSeed(found.seed)) this.#last = found
    return this.#last
  }

  #isSeed(seed: string): boolean {
    try {
      this.#check(seed)
      return true
    } catch {
      return false
    }
  }

  /** When the token that was read last ends, in milliseconds since 1970; undefined: it does not say. */
  get expiresAtMs(): number | undefined {
    const seconds = readExpiry(this.#last.jwt)
    return typeof seconds === 'number' && seconds > 0 ? seconds * 1_000 : undefined
  }
}

function parseCredentials(text: string): Credentials | undefined {
  const [jwt, seed] = [...text.matchAll(BLOCK)].map((match) => match[1])
  return jwt === undefined || seed === undefined ? undefined : { jwt, seed }
}

/** `exp` of RFC 7519, section 4.1.4: the server checks the token, and this only explains what it answers. */
function readExpiry(jwt: string): unknown {
  try {
    const claims: unknown = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
    return typeof claims === 'object' && claims !== null ? (claims as { exp?: unknown }).exp : undefined
  } catch {
    return undefined
  }
}
