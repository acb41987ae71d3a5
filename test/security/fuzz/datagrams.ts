import { createHmac } from 'node:crypto'
import { sealBeat } from '../../../runtime/discovery/beats/datagram.js'
import { writeAnnouncementPacket, writeQuestionPacket } from '../../write-dns-packet.js'
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

const AT = { host: '127.0.0.1', port: 1 }
const INTRODUCTION = { group: 'default', hub: false, versions: { netgen: '1.0.0', protocol: [1] } }

/** What a peer with the key says when it meets another, as JSON. */
export const GREETINGS: readonly Buffer[] = [
  { kind: 'hello', from: AT, to: AT, challenge: 'A'.repeat(30) },
  { kind: 'answer', from: AT, echo: 'A'.repeat(30), challenge: 'A'.repeat(30), ...INTRODUCTION },
  { kind: 'confirm', from: AT, echo: 'A'.repeat(30), ...INTRODUCTION },
].map((greeting) => Buffer.from(JSON.stringify(greeting)))

/** Such a text as it leaves a peer, so that what it says is read. */
export function sealAgain(text: Buffer, { trust }: Target): Buffer {
  return Buffer.from(`NGg1${STRANGER}${trust.seal(text.toString('utf8'), 'greeting', STRANGER)}`, 'latin1')
}

/** The same bytes with a signature that fits them, so that what they say is read. */
export function signAgain(datagram: Buffer, key: Buffer): Buffer {
  const signed = datagram.subarray(0, 32)
  return Buffer.concat([signed, createHmac('sha256', key).update(signed).digest().subarray(0, 16)])
}

/** Packets of multicast DNS: a question, an announcement, and a goodbye. */
export function createPackets(): Buffer[] {
  const announced = { id: STRANGER, host: '127.0.0.1', port: 1, fingerprint: FINGERPRINT }
  return [writeQuestionPacket(), writeAnnouncementPacket(announced), writeAnnouncementPacket(announced, 0)]
}

/** What belongs to either, and where readers go wrong: pointers of names, lengths, types, counts. */
export const DATAGRAM_WORDS: readonly string[] = [
  'NGb1',
  'NGg1',
  '"kind":"answer"',
  '{}',
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
