import { nkeys } from '@nats-io/transport-node'

type KeyPair = ReturnType<typeof nkeys.createUser>

/** An operator with one account, as `nsc` would make them: tokens for a server, and credentials files for users. */
export class TestOperator {
  readonly #operator = nkeys.createOperator()
  readonly #account = nkeys.createAccount()

  /** What a server needs to take the account's users. */
  printConfig(): string {
    const limits = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 }
    const account = this.#account.getPublicKey()
    const operator = sign(this.#operator, this.#operator.getPublicKey(), { type: 'operator', version: 2 })
    const token = sign(this.#operator, account, { type: 'account', version: 2, limits })
    return `operator: ${operator}\nresolver: MEMORY\nresolver_preload: { ${account}: ${token} }\n`
  }

  /** A credentials file's text, for a new user. `expiresAtMs`: in milliseconds since 1970. */
  issue(expiresAtMs?: number): string {
    const user = nkeys.createUser()
    const claims = { type: 'user', version: 2, subs: -1, data: -1, payload: -1, pub: {}, sub: {} }
    const token = sign(this.#account, user.getPublicKey(), claims, expiresAtMs)
    const seed = Buffer.from(user.getSeed()).toString()
    return printBlock('NATS USER JWT', token) + printBlock('USER NKEY SEED', seed)
  }
}

/** A JSON Web Token as NATS has it: signed with an nkey, whose public key is its issuer. */
function sign(issuer: KeyPair, subject: string, claims: object, expiresAtMs?: number): string {
  const iat = Math.floor(Date.now() / 1_000)
  const exp = expiresAtMs === undefined ? undefined : Math.floor(expiresAtMs / 1_000)
  const payload = { jti: subject, iat, exp, iss: issuer.getPublicKey(), name: 'test', sub: subject, nats: claims }
  const parts = [{ typ: 'JWT', alg: 'ed25519-nkey' }, payload].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  )
  const text = parts.join('.')
  return `${text}.${Buffer.from(issuer.sign(Buffer.from(text))).toString('base64url')}`
}

function printBlock(name: string, text: string): string {
  return `-----BEGIN ${name}-----\n${text}\n------END ${name}------\n\n`
}
