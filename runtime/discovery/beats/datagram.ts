import { createHmac, timingSafeEqual } from 'node:crypto'

/** What one peer tells another, in one datagram. */
export interface Beat {
  /** A `beat` is sent again and again; a `reply` answers one at once, and is never answered; a `goodbye` is the last. */
  readonly kind: 'beat' | 'reply' | 'goodbye'
  readonly senderId: string
  readonly receiverId: string
  /** Where the sender listens for connections. */
  readonly port: number
  /** Of the sender's to this receiver: 1, 2, 3, …, so that nothing counts twice. */
  readonly sequence: number
  /** The last number that the sender has of this receiver; 0: none. It shows that both ways are open, and since when. */
  readonly echo: number
}

/**
 * 48 bytes, numbers in network order: `NGb1`, kind (1), 0 (1), port (2), sender (8), receiver (8), sequence (4), echo (4), and the
 * first 16 bytes of HMAC-SHA256 over all that (RFC 2104, section 5: half of it is enough).
 */
const LENGTH = 48
const SIGNED_LENGTH = 32
const MAGIC = Buffer.from('NGb1')
const KINDS: readonly Beat['kind'][] = ['beat', 'reply', 'goodbye']

/** Whether a peer's id fits into a datagram: 16 hexadecimal digits, as every id of this version is. */
export function isBeatId(id: string): boolean {
  return /^[0-9a-f]{16}$/.test(id)
}

/** The datagram of a beat, whose ids have to fit. */
export function sealBeat(beat: Beat, key: Buffer): Buffer {
  const datagram = Buffer.alloc(LENGTH)
  MAGIC.copy(datagram)
  datagram.writeUInt8(KINDS.indexOf(beat.kind) + 1, 4)
  datagram.writeUInt16BE(beat.port, 6)
  datagram.write(beat.senderId, 8, 'hex')
  datagram.write(beat.receiverId, 16, 'hex')
  datagram.writeUInt32BE(beat.sequence, 24)
  datagram.writeUInt32BE(beat.echo, 28)
  sign(datagram, key).copy(datagram, SIGNED_LENGTH)
  return datagram
}

/** What a datagram says to its receiver; undefined where it is none of a peer with this key, or for somebody else. */
export function openBeat(datagram: Buffer, key: Buffer, receiverId: string): Beat | undefined {
  // What costs nothing to check is checked before what does.
  if (datagram.length !== LENGTH || !datagram.subarray(0, 4).equals(MAGIC)) return undefined
  const kind = KINDS[datagram.readUInt8(4) - 1]
  if (kind === undefined || datagram.toString('hex', 16, 24) !== receiverId) return undefined
  if (!timingSafeEqual(sign(datagram, key), datagram.subarray(SIGNED_LENGTH))) return undefined
  return {
    kind,
    senderId: datagram.toString('hex', 8, 16),
    receiverId,
    port: datagram.readUInt16BE(6),
    sequence: datagram.readUInt32BE(24),
    echo: datagram.readUInt32BE(28),
  }
}

function sign(datagram: Buffer, key: Buffer): Buffer {
  return createHmac('sha256', key)
    .update(datagram.subarray(0, SIGNED_LENGTH))
    .digest()
    .subarray(0, LENGTH - SIGNED_LENGTH)
}
