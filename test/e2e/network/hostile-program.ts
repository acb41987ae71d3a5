import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import createMulticastDns from 'multicast-dns'
import { sealBeat } from '../../../runtime/discovery/beats/datagram.js'
import { sealGreeting } from '../../../runtime/discovery/greetings/greeting.js'
import { readAnnouncements, writeAnnouncement } from '../../../runtime/discovery/lan/service-records.js'
import { Trust } from '../../../runtime/transport/http/trust.js'

/** Whom to attack, and as whom. */
export interface HostileTask {
  readonly own: string
  readonly target: string
  readonly port: number
  readonly peerId: string
  readonly otherId: string
}

/** What it did, and what it was told. */
export interface HostileReport {
  readonly sent: number
  /** What peers sent to a port that was announced as a peer's: over connections, and as datagrams. */
  readonly heads: readonly string[]
  readonly datagrams: readonly string[]
}

/**
 * A stranger on the network, without the key: it listens to the announcements, announces itself and a thousand others with the same
 * fingerprint, and sends goodbyes in the name of a peer, signed with another key, oversize datagrams and junk.
 */
const { own, target, port, peerId, otherId } = JSON.parse(process.argv[2] ?? '') as HostileTask
const heads: string[] = []
const listener = createServer((socket) => {
  socket.on('error', () => {})
  socket.on('data', (chunk) => heads.push(chunk.toString('latin1')))
  // A tarpit: it answers nothing.
})
listener.listen(3010, own)
const datagrams: string[] = []
const deaf = createSocket('udp4').bind(3010, own)
deaf.on('message', (datagram) => datagrams.push(datagram.toString('latin1')))

const dns = createMulticastDns({ interface: own, bind: '0.0.0.0' })
dns.on('error', () => {}).on('warning', () => {})
const fingerprint = await new Promise<string>((resolve) => {
  dns.on('response', ({ answers }) => {
    const [heard] = readAnnouncements(answers ?? [])
    if (heard !== undefined) resolve(heard.fingerprint)
  })
  dns.query('_netgen._tcp.local', 'PTR')
})

let sent = 0
const udp = createSocket('udp4')
const send = (datagram: Buffer, to = port): Promise<void> =>
  new Promise((resolve) => {
    sent++
    udp.send(datagram, to, target, () => resolve())
  })
const announce = (id: string, host: string, at: number): Promise<void> =>
  new Promise((resolve) => {
    sent++
    dns.respond(writeAnnouncement({ id, host, port: at, fingerprint }) as never, () => resolve())
  })

await announce(randomBytes(8).toString('hex'), own, 3010)
// Who does not answer a greeting is asked over a connection.
await Promise.race([once(listener, 'connection'), sleep(5_000)])
// In the name of the other peer, at an address of the stranger's.
await announce(otherId, own, 3010)
const wrongKey = randomBytes(32)
for (let round = 0; round < 1_000; round++) {
  const said = { senderId: otherId, receiverId: peerId, port, sequence: 1_000_000 + round, echo: round }
  for (const kind of ['beat', 'reply', 'goodbye'] as const) await send(sealBeat({ kind, ...said }, wrongKey))
  const [from, to] = [
    { host: own, port },
    { host: target, port },
  ]
  const hello = sealGreeting({ kind: 'hello', from, to, challenge: 'A'.repeat(30) }, otherId, new Trust(wrongKey))
  if (hello !== undefined) await send(hello)
  for (const length of [0, 47, 48, 49, 1_400]) await send(randomBytes(length))
  await send(randomBytes(1_000), 5_353)
  await announce(randomBytes(8).toString('hex'), `10.77.0.${100 + (round % 100)}`, 1 + round)
  if (round % 100 === 0) await send(Buffer.alloc(60_000, round))
}
await sleep(1_500)
process.stdout.write(JSON.stringify({ sent, heads, datagrams } satisfies HostileReport))
process.exit(0)
