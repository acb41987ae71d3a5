import { createHmac } from 'node:crypto'
import { sealBeat } from '../../../runtime/discovery/beats/datagram.js'
import { SERVICE } from '../../../runtime/discovery/lan/service-records.js'
import { FINGERPRINT } from '../target/listen-to-lan.js'
import type { Target } from '../target/start-target.js'

const STRANGER = '0123456789abcdef'

/** Beats of a peer with the key to the target, right in all but that nobody is there. */
export function createBeats({ id, trust }: Target): Buffer[] {
  const key = trust.deriveKey('beats')
  return (['beat', 'reply', 'goodbye'] as const).map((kind, at) =>
    sealBeat({ kind, senderId: STRANGER, receiverId: id, port: 1, sequence: at + 1, echo: at }, key),
  )
}

/** The same bytes with a signature that fits them, so that what they say is read. */
export function signAgain(datagram: Buffer, key: Buffer): Buffer {
  const signed = datagram.subarray(0, 32)
  return Buffer.concat([signed, createHmac('sha256', key).update(signed).digest().subarray(0, 16)])
}

/** Packets of multicast DNS: a question, an announcement, and a goodbye. */
export function createPackets(): Buffer[] {
  const announce = (ttl: number): Buffer[] => [
    writeRecord(SERVICE, 12, ttl, writeName(`${STRANGER}.${SERVICE}`)),
    writeRecord(
      `${STRANGER}.${SERVICE}`,
      33,
      ttl,
      Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 1]), writeName(`${STRANGER}.local`)]),
    ),
    writeRecord(`${STRANGER}.${SERVICE}`, 16, ttl, Buffer.concat(['txtvers=1', `key=${FINGERPRINT}`].map(writeText))),
    writeRecord(`${STRANGER}.local`, 1, ttl, Buffer.from([127, 0, 0, 1])),
  ]
  const question = Buffer.concat([writeName(SERVICE), Buffer.from([0, 12, 0, 1])])
  return [
    Buffer.concat([writeHead(0, 1, 0), question]),
    Buffer.concat([writeHead(0x8400, 0, 4), ...announce(120)]),
    Buffer.concat([writeHead(0x8400, 0, 4), ...announce(0)]),
  ]
}

/** What belongs to either, and where readers go wrong: pointers of names, lengths, types, counts. */
export const DATAGRAM_WORDS: readonly string[] = [
  'NGb1',
  '\0\0\0\0',
  '\u00ff\u00ff\u00ff\u00ff',
  '\u00c0\u000c',
  '\u00c0\u0000',
  '\u00ff\u00ff',
  '\u003f',
  '\0\u0021',
  '\0\u0010',
  '\0\u0029',
  '\0\u002f',
  '\u0080\u0001',
  `\u0010${STRANGER}`,
  '\u0007_netgen\u0004_tcp\u0005local\0',
]

/** A packet's head (RFC 1035, 4.1.1). */
function writeHead(flags: number, questions: number, answers: number): Buffer {
  const head = Buffer.alloc(12)
  head.writeUInt16BE(flags, 2)
  head.writeUInt16BE(questions, 4)
  head.writeUInt16BE(answers, 6)
  return head
}

function writeRecord(name: string, type: number, ttl: number, data: Buffer): Buffer {
  const middle = Buffer.alloc(10)
  middle.writeUInt16BE(type, 0)
  middle.writeUInt16BE(1, 2)
  middle.writeUInt32BE(ttl, 4)
  middle.writeUInt16BE(data.length, 8)
  return Buffer.concat([writeName(name), middle, data])
}

function writeName(name: string): Buffer {
  return Buffer.concat([...name.split('.').map(writeText), Buffer.from([0])])
}

/** A text behind its length. */
function writeText(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])
}
