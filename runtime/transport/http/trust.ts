import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Address, printAddress } from '../../api/address.js'

const MAX_KEPT_TOKENS = 1_024

interface Token {
  readonly text: string
  readonly bytes: Buffer
}

/**
 * What peers that know one secret can tell each other without sending it: HMAC-SHA256 (RFC 2104) over a purpose and what
 * it is for. A proof is bound to the challenge and to the address that was dialled, so that nobody can pass on another
 * peer's; a token is bound to the peer that it is shown to, so that it opens no other.
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

  /** What a caller shows to the peer with this id. */
  createToken(peerId: string): string {
    return this.#findToken(peerId).text
  }

  isToken(token: string, peerId: string): boolean {
    return isEqual(token, this.#findToken(peerId).bytes)
  }

  #findToken(peerId: string): Token {
    const known = this.#tokens.get(peerId)
    if (known !== undefined) return known
    const text = this.#sign('token', peerId)
    const token = { text, bytes: Buffer.from(text) }
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
