import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPeer, type Peer, type RemotePeer } from 'netgen/runtime'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type SchemaStub, schema } from '../../../fixtures/hostile/generated/schema.js'
import { measureSlowness } from '../../measure-slowness.js'
import { silent } from '../../runtime/behaviour/harness.js'
import { HELLO, writeFrame } from '../fuzz/frames.js'
import { write, writeUpgrade } from '../fuzz/requests.js'
import { KEY, startTarget, type Target } from '../target/start-target.js'

/** As many as leave room for a normal client among the connections of one address. */
const ATTACKERS = 1_000
/** How long the target waits for a head, for a whole request, and for somebody to read, and how much later it may act on it. */
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
const UNREAD_TIMEOUT_MS = 30_000
const MARGIN_MS = 2_000 * measureSlowness()
const MAX_P99_MS = 100
/** How many of the slow bodies do not come at all. */
const SILENT = 50

let target: Target
let here: Peer
let there: RemotePeer
let stub: SchemaStub
let sockets: Socket[]

beforeEach(async () => {
  sockets = []
  target = await startTarget()
  here = await createPeer({
    key: KEY,
    port: 0,
    logger: silent,
    peers: [`127.0.0.1:${target.port}`],
    registry: target.registry,
  })
  stub = here.connect(schema)
  there = (await here.peers()).find(({ id }) => id === target.id) ?? expect.fail('expected the target to be found')
})
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await here.close()
  await target.stop()
})

/** A connection that is slow in its own way, and for how long it was open. */
interface Slow {
  readonly socket: Socket
  readonly closed: Promise<number>
}

function open(begin: Buffer): Promise<Slow> {
  return new Promise((resolve, reject) => {
    const socket = connect(target.port, '127.0.0.1')
    sockets.push(socket)
    socket.once('error', reject)
    socket.once('connect', () => {
      const beganAtMs = performance.now()
      socket.off('error', reject).on('error', () => {})
      const closed = new Promise<number>((done) => socket.once('close', () => done(performance.now() - beganAtMs)))
      // An end that nobody reads is none.
      socket.resume().write(begin)
      resolve({ socket, closed })
    })
  })
}

/** Writes a byte every second for as long as it may. */
async function trickle({ socket }: Slow, bytes: string): Promise<void> {
  for (let at = 0; !socket.destroyed; at++) {
    await sleep(1_000, undefined, { ref: false })
    if (!socket.destroyed) socket.write(bytes[at % bytes.length] ?? '')
  }
}

/** Calls one after the other until it is told to stop, and answers how long each took. */
async function callMeanwhile(isOver: () => boolean): Promise<number[]> {
  const times: number[] = []
  while (!isOver()) {
    const beganAtMs = performance.now()
    await stub.climb({ name: 'root', branches: [] }, { peer: there })
    times.push(performance.now() - beganAtMs)
    await sleep(10)
  }
  return times.sort((left, right) => left - right)
}

/** All that comes until the end. */
async function readAll(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
  })
  await once(socket, 'close')
  return text
}

/** A client that calls for 4 MB over one connection, and reads none of it. */
async function openDeafClient(): Promise<Slow> {
  const text = JSON.stringify('x'.repeat(1_000_000))
  const call = ['POST /netgen/v1/netgen.passThrough HTTP/1.1', `host: 127.0.0.1:${target.port}`]
  const more = [
    `authorization: Bearer ${target.token}`,
    'content-type: application/json',
    `content-length: ${text.length}`,
  ]
  const bytes = write([...call, ...more], text)
  const slow = await open(Buffer.concat(Array<Buffer>(4).fill(bytes)))
  slow.socket.pause()
  return slow
}

/** Heads and bodies that come a byte a second or not at all, heads of sessions that never end, and answers that nobody reads. */
test('a thousand slow requests are closed in time, and slow nobody else down', { timeout: 90_000 }, async () => {
  const { sockets: socketsBefore, heldBytes } = await target.report()
  const { port, token, id } = target
  const part = Buffer.from(`POST /netgen/v1/schema.count HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n`)
  const call = ['POST /netgen/v1/schema.count HTTP/1.1', `host: 127.0.0.1:${port}`, `authorization: Bearer ${token}`]
  const head = write([...call, 'content-type: application/json', 'content-length: 1000'])
  const upgrade = write(writeUpgrade(port, token, id)).subarray(0, -2)
  let isOver = false
  const calling = callMeanwhile(() => isOver)
  const openAll = (begin: Buffer, count: number): Promise<Slow[]> =>
    Promise.all(Array.from({ length: count }, () => open(begin)))
  const [heads, bodies, upgrades] = [
    await openAll(part, ATTACKERS * 0.4),
    await openAll(head, ATTACKERS * 0.4),
    await openAll(upgrade, ATTACKERS * 0.2),
  ]
  const readers = await Promise.all(Array.from({ length: 20 }, openDeafClient))
  const deafSinceMs = performance.now()
  for (const slow of heads) void trickle(slow, 'x: y\r\n')
  const silent = bodies.slice(0, SILENT).map(({ socket }) => readAll(socket))
  for (const slow of bodies.slice(SILENT)) void trickle(slow, ' ')
  const headTimes = await Promise.all([...heads, ...upgrades].map(({ closed }) => closed))
  const bodyTimes = await Promise.all(bodies.map(({ closed }) => closed))
  // Nothing moves on these for longer than an answer may stay unread: they are told what is wrong with them all the same.
  expect((await Promise.all(silent)).map((text) => text.slice(0, 12))).toEqual(silent.map(() => 'HTTP/1.1 408'))
  // Nobody who does not read sees that the other side has ended.
  await expect
    .poll(async () => (await target.report()).sockets, {
      timeout: UNREAD_TIMEOUT_MS + MARGIN_MS - (performance.now() - deafSinceMs),
      interval: 500,
    })
    .toBeLessThanOrEqual(socketsBefore + 1)
  isOver = true
  const times = await calling
  expect(readers.map(({ socket }) => socket.bytesRead < 1_000_000)).toEqual(readers.map(() => true))
  expect(Math.max(...headTimes)).toBeLessThan(HEADERS_TIMEOUT_MS + MARGIN_MS)
  expect(Math.max(...bodyTimes)).toBeLessThan(REQUEST_TIMEOUT_MS + MARGIN_MS)
  expect(times[Math.floor(times.length * 0.99)]).toBeLessThan(MAX_P99_MS)
  const after = await target.report()
  expect(after.heldBytes - heldBytes).toBeLessThan(20 * 1_024 * 1_024)
  expect(after.faults).toEqual([])
})

/** A session whose side here reads nothing after the answer to its request. */
async function openDeafSession(): Promise<Slow> {
  const slow = await open(write(writeUpgrade(target.port, target.token, target.id)))
  await new Promise<void>((resolve) => slow.socket.once('data', () => resolve()))
  slow.socket.pause()
  slow.socket.write(writeFrame(HELLO))
  return slow
}

test('sessions that read nothing are closed, hold a bounded memory, and slow nobody else down', {
  timeout: 90_000,
}, async () => {
  const { heldBytes } = await target.report()
  let isOver = false
  const calling = callMeanwhile(() => isOver)
  const readers = await Promise.all(Array.from({ length: 4 }, openDeafSession))
  const text = JSON.stringify('x'.repeat(1_000_000))
  for (const { socket } of readers) {
    for (let call = 0; call < 50; call++)
      socket.write(writeFrame(`[1,${2 * call + 1},"netgen.passThrough",60000,${text}]\n`))
  }
  // At 10,000 a second, for as long as it is there.
  const pinger = await openDeafSession()
  const pings = Buffer.concat(Array<Buffer>(100).fill(writeFrame('p'.repeat(125), { opcode: 9 })))
  const timer = setInterval(() => pinger.socket.destroyed || pinger.socket.write(pings), 10)
  await sleep(1_000)
  const meanwhile = await target.report()
  await Promise.all([...readers, pinger].map(({ closed }) => closed))
  clearInterval(timer)
  isOver = true
  const times = await calling
  expect(times[Math.floor(times.length * 0.99)]).toBeLessThan(MAX_P99_MS)
  expect(meanwhile.heldBytes - heldBytes).toBeLessThan(5 * 34 * 1_024 * 1_024)
  const after = await target.report()
  expect(after.heldBytes - heldBytes).toBeLessThan(20 * 1_024 * 1_024)
  expect(after.faults).toEqual([])
})
