import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { TRANSPORTS } from './call-raw.js'
import { openSocket, readCloseCode } from './raw-socket.js'
import { useVictim } from './use-victim.js'

const victim = useVictim()
const sockets: Socket[] = []

afterEach(() => {
  vi.useRealTimers()
  for (const socket of sockets.splice(0)) socket.destroy()
})

async function expectOthersUntouched(): Promise<void> {
  for (const [, call] of TRANSPORTS) expect(await call(victim(), 'schema.greet', 'null')).toEqual({ output: 'hello' })
  expect(victim().ran.splice(0)).toEqual(['greet', 'greet'])
}

test('more than 1,024 connections are closed unheard, and the peer answers when there are fewer', async () => {
  const { port } = victim().peer
  let ended = 0
  for (let index = 0; index < 1_100; index++) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {}).on('close', () => ended++)
    sockets.push(socket)
    if (index % 50 === 0) await once(socket, 'connect')
  }
  await expect.poll(() => ended, { timeout: 10_000 }).toBe(1_100 - 1_024)
  for (const socket of sockets.splice(0)) socket.destroy()
  await expect.poll(() => ended, { timeout: 10_000 }).toBe(1_100)
  await expectOthersUntouched()
})

test('who pings without reading the answers is cut off at 8 MiB of them, and others are untouched', async () => {
  const socket = await openSocket(victim())
  sockets.push(socket)
  let isEnded = false
  socket.once('close', () => {
    isEnded = true
  })
  // A masked ping of 125 bytes, whose answer is as long.
  const ping = Buffer.concat([Buffer.from([0x89, 0xfd, 0, 0, 0, 0]), Buffer.alloc(125)])
  const pings = Buffer.concat(Array.from({ length: 10_000 }, () => ping))
  const before = process.memoryUsage().rss
  socket.pause()
  for (let round = 0; round < 40; round++) socket.write(pings)
  // Nothing is read here: what shows that it was cut off is that nothing more can be written.
  await expect.poll(() => isEnded, { timeout: 10_000 }).toBe(true)
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(150)
  await expectOthersUntouched()
})

test('who answers no ping is dead after two, and others are untouched', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const socket = await openSocket(victim())
  sockets.push(socket)
  vi.advanceTimersByTime(30_000)
  expect(socket.destroyed).toBe(false)
  vi.advanceTimersByTime(15_000)
  expect(await readCloseCode(socket)).toBe(4408)
  vi.useRealTimers()
  await expectOthersUntouched()
})
