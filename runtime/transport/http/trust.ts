import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Address, printAddress } from '../../api/address.js'

const MAX_KEPT_TOKENS = 1_024

/** What seals a text, with the lengths that it has by NIST SP 800-38D, in bytes. */
const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

interface Token {
  readonly text: string
  readonly bytes: Buffer
  /** Where one that is shown is written to be compared: a buffer for each call would cost more than the rest of its check. */
  readonly shown: Buffer
}

/**
 * What peers that know one secret can tell each other without sending it: HMAC-SHA256 (RFC 2104) over a purpose and what
 * it is for. A proof is bound to the challenge and to the address that was dialled, so that nobody can pass on another
 * peer's; a token is bound to the peer that it is shown to, so that it opens no other. What strangers are not to know is sealed.
 */
export class Trust {
  /** What is known: a group's key, or the secret that lies in the registry folder of a user. */
  readonly kind: 'key' | 'registry'
  readonly #secret: Buffer
  /** Tokens that were made, by peer: making one costs a tenth of a call over HTTP, at both ends. */
  readonly #tokens = new Map<string, Token>()

  constructor(secret: Buffer, kind: 'key' | 'registry' = 'registry') {
    this.#secret = secret
    this.kind = kind
  }

  /** Shows that this peer knows the secret. */
  prove(challenge: string, peerId: string, address: Address): string {
    return this.#sign('proof', challenge, peerId, printAddress(address))
  }

  isProof(proof: string, challenge: string, peerId: string, address: Address): boolean {
    return isEqual(proof, Buffer.from(this.prove(challenge, peerId, address)))
  }

  /** Hides a text from all who do not know the secret: of this peer, for whoever asked with this challenge. */
  seal(text: string, challenge: string, peerId: string): string {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(CIPHER, this.#createSealKey(challenge, peerId), nonce, { authTagLength: TAG_BYTES })
    const hidden = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString('base64url')
  }

  /** The text that was sealed so; undefined where it was not. */
  unseal(sealed: string, challenge: string, peerId: string): string | undefined {
    const bytes = Buffer.from(sealed, 'base64url')
    if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined
    const [key, nonce] = [this.#createSealKey(challenge, peerId), bytes.subarray(0, NONCE_BYTES)]
    const cipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
    cipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
    try {
      return cipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + cipher.final('utf8')
    } catch {
      return undefined
    }
  }

  /** What a caller shows to the peer with this id. */
  createToken(peerId: string): string {
    return this.#findToken(peerId).text
  }

  isToken(token: string, peerId: string): boolean {
    const { bytes, shown } = this.#findToken(peerId)
    return token.length === bytes.length && shown.write(token) === bytes.length && timingSafeEqual(shown, bytes)
  }

  #createSealKey(challenge: string, peerId: string): Buffer {
    return Buffer.from(this.#sign('seal', challenge, peerId), 'base64url')
  }

  #findToken(peerId: string): Token {
    const known = this.#tokens.get(peerId)
    if (known !== undefined) return known
    const text = this.#sign('token', peerId)
    const token = { text, bytes: Buffer.from(text), shown: Buffer.alloc(text.length) }
    if (this.#tokens.size >= MAX_KEPT_TOKENS) this.#tokens.clear()
    this.#tokens.set(peerId, token)
    return token
  }

  /** A key of 32 bytes for one purpose, from which neither the secret nor any other key can be found. */
  deriveKey(purpose: string): Buffer {
    return Buffer.from(this.#sign('key', purpose), 'base64url')
  }

  /** Names what is known without telling it: 16 hexadecimal digits. */
  get fingerprint(): string {
    return Buffer.from(this.#sign('fingerprint'), 'base64url').toString('hex', 0, 8)
  }

  #sign(...parts: readonly string[]): string {
    return createHmac('sha256', this.#secret)
      .update(JSON.stringify(['netgen', 1, ...parts]))
      .digest('base64url')
  }
}

/** 32 random bytes in base64url. */
export function createChallenge(): string {
  return randomBytes(32).toString('base64url')
}

function isEqual(given: string, wanted: Buffer): boolean {
  const bytes = Buffer.from(given)
  return bytes.length === wanted.length && timingSafeEqual(bytes, wanted)
}
