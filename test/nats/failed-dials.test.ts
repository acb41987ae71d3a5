import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import * as nats from '@nats-io/transport-node'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { endFailedDials } from '../../runtime/transport/nats/end-failed-dials.js'
import { feignNats } from './feigned-server.js'

/** A process that listens and is stopped: when its queue is full, connections to it are neither made nor refused. */
let child: ChildProcess
let filling: Socket[]
let port: number

beforeEach(async () => {
  const program = `const s = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))`
  child = spawn(process.execPath, ['--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = (await once(child.stdout ?? expect.fail('expected a pipe'), 'data')) as [Buffer]
  port = Number(said)
  child.kill('SIGSTOP')
  filling = []
  await expect.poll(fill, { interval: 50, timeout: 10_000 }).toBe(true)
})
afterEach(() => {
  for (const socket of filling) socket.destroy()
  child.kill('SIGKILL')
})

/** Whether the queue is full: a connection to it does not come about. */
async function fill(): Promise<boolean> {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  filling.push(socket)
  await Promise.race([once(socket, 'connect'), sleep(100)])
  // Timers have their turn before sockets: where this process was held up, the connection is there and not told of yet.
  await setImmediate()
  return socket.connecting
}

/** Connections that this process is making, or has. */
const countSockets = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap' || name === 'TCPConnectWrap').length

test('what a client of NATS was dialling is ended when it gives up, and nothing else is', async () => {
  const before = countSockets()
  const options = { servers: `127.0.0.1:${port}`, timeout: 100 }
  const failing = endFailedDials(() => nats.connect(options))
  const other = connect(port, '127.0.0.1').on('error', () => {})
  filling.push(other)
  await expect(failing).rejects.toThrow('timeout')
  expect(other.connecting).toBe(true)
  other.destroy()
  await expect.poll(countSockets).toBe(before)
})

test('what it was dialling in vain is ended where another server answers, and the connection to that one stays', async () => {
  const server = await feignNats({})
  onTestFinished(() => server.stop())
  const before = countSockets()
  const options = { servers: [`127.0.0.1:${port}`, server.host], noRandomize: true, timeout: 100, reconnect: false }
  const connection = await endFailedDials(() => nats.connect(options))
  // Both ends of the one connection are of this process.
  await expect.poll(countSockets).toBe(before + 2)
  await connection.flush()
  expect([connection.getServer(), connection.isClosed()]).toEqual([server.host, false])
  await connection.close()
  await expect.poll(countSockets).toBe(before)
})
