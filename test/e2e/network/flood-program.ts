import { randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { writeAnnouncementPacket } from '../../write-dns-packet.js'

/** What to send, and from where. */
export interface FloodTask {
  /** Addresses of this machine; they take turns. */
  readonly sources: readonly string[]
  /** What names the key of the peers that are flooded. */
  readonly fingerprint: string
  readonly packetsPerS: number
}

/** How often packets are sent, in milliseconds: as many as are due by then. */
const STEP_MS = 5

/**
 * A stranger on the network, without the key: it announces invented peers of the group until it is killed, half of them at its own
 * address, where nobody listens, half where no machine is.
 */
const { sources, fingerprint, packetsPerS } = JSON.parse(process.argv[2] ?? '') as FloodTask

async function open(source: string): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, source)
  await once(socket, 'listening')
  socket.setMulticastInterface(source)
  return socket
}

const sockets = await Promise.all(sources.map(open))
const [own = ''] = sources
const beganAtMs = performance.now()
let sent = 0
const send = (): void => {
  const due = Math.floor(((performance.now() - beganAtMs) * packetsPerS) / 1_000)
  for (; sent < due; sent++) {
    const host = sent % 2 === 0 ? own : `10.77.0.${200 + (sent % 50)}`
    const id = randomBytes(8).toString('hex')
    const packet = writeAnnouncementPacket({ id, host, port: 1_024 + (sent % 60_000), fingerprint })
    sockets[sent % sockets.length]?.send(packet, 5_353, '224.0.0.251')
  }
}
setInterval(send, STEP_MS)
// Whoever started it knows from now on that it is under way.
setTimeout(() => process.send?.('begun'), 1_000)
