import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Address, printAddress } from '../../api/address.js'

/** For how long a challenge may be answered, in milliseconds. */
const VALID_MS = 2_000

/** The time when it was made (6), and a part of an HMAC-SHA256 over that and whom it is for (16; RFC 2104, section 5). */
const TIME_BYTES = 6
const LENGTH = TIME_BYTES + 16

/**
 * Challenges that need not be remembered: each says when it was made, under a key that only this process has, so that whatever comes
 * back is known to have been sent there, and when (after the cookies of RFC 9147, section 5.1). However many are made, they take no memory.
 */
export class Challenges {
  readonly #key = randomBytes(32)

  /** A challenge for whoever is at an address, in base64url. */
  create(address: Address, nowMs: number): string {
    const time = Buffer.alloc(TIME_BYTES)
    // In microseconds they hold eight years of one process.
    time.writeUIntBE(Math.floor(nowMs * 1_000), 0, TIME_BYTES)
    return Buffer.concat([time, this.#sign(time, address)]).toString('base64url')
  }

  /** When a challenge was made for whoever is at an address; undefined where it was not, or too long ago. */
  findMadeAtMs(challenge: string, address: Address, nowMs: number): number | undefined {
    const bytes = Buffer.from(challenge, 'base64url')
    if (bytes.length !== LENGTH) return undefined
    const time = bytes.subarray(0, TIME_BYTES)
    if (!timingSafeEqual(bytes.subarray(TIME_BYTES), this.#sign(time, address))) return undefined
    const madeAtMs = time.readUIntBE(0, TIME_BYTES) / 1_000
    return nowMs - madeAtMs < VALID_MS ? madeAtMs : undefined
  }

  #sign(time: Buffer, address: Address): Buffer {
    const signed = createHmac('sha256', this.#key).update(time).update(printAddress(address)).digest()
    return signed.subarray(0, LENGTH - TIME_BYTES)
  }
}
