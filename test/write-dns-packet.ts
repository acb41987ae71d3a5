import { type Announced, SERVICE } from '../runtime/discovery/lan/service-records.js'

/** For how long records are kept, in seconds; 0: they are taken back. */
const TTL_S = 120

/** The packet of multicast DNS that announces a peer, byte by byte, as RFC 1035 has it: what writes it is none of what reads it. */
export function writeAnnouncementPacket({ id, host, port, fingerprint }: Announced, ttl: number = TTL_S): Buffer {
  const instance = `${id}.${SERVICE}`
  const service = Buffer.concat([Buffer.from([0, 0, 0, 0, port >> 8, port & 0xff]), writeName(`${id}.local`)])
  return Buffer.concat([
    writeHead(0x8400, 0, 4),
    writeRecord(SERVICE, 12, ttl, writeName(instance)),
    writeRecord(instance, 33, ttl, service),
    writeRecord(instance, 16, ttl, Buffer.concat(['txtvers=1', `key=${fingerprint}`].map(writeText))),
    writeRecord(`${id}.local`, 1, ttl, Buffer.from(host.split('.').map(Number))),
  ])
}

/** The packet that asks for peers. */
export function writeQuestionPacket(): Buffer {
  return Buffer.concat([writeHead(0, 1, 0), writeName(SERVICE), Buffer.from([0, 12, 0, 1])])
}

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
