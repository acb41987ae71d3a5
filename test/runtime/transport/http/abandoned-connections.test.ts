import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HttpTransport } from '../../../../runtime/transport/http/http-transport.js'
import { Trust } from '../../../../runtime/transport/http/trust.js'
import { silent } from '../../behaviour/harness.js'

/** A process that listens and is stopped: when its queue is full, connections to it are neither made nor refused. */
let child: ChildProcess
let filling: Socket[]
let port: number
let transport: HttpTransport

beforeEach(async () => {
  const program = `const s = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))`
  child = spawn(process.execPath, ['--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = (await once(child.stdout ?? expect.fail('expected a pipe'), 'data')) as [Buffer]
  port = Number(said)
  child.kill('SIGSTOP')
  filling = []
  await expect.poll(fill, { interval: 50, timeout: 10_000 }).toBe(true)
  const place = { host: undefined, port: { kind: 'exact', port: 0 } as const, advertise: undefined, names: [] }
  transport = new HttpTransport({ trust: new Trust(Buffer.alloc(32, 1)), place, logger: silent })
})
afterEach(async () => {
  await transport.close()
  for (const socket of filling) socket.destroy()
  child.kill('SIGKILL')
})

/** Whether the queue is full: a connection to it does not come about. */
async function fill(): Promise<boolean> {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  filling.push(socket)
  const late = new Promise<string>((resolve) => setTimeout(resolve, 100, 'late'))
  return (await Promise.race([once(socket, 'connect').then(() => 'connected'), late])) === 'late'
}

/** Connections that this process is making, or has, besides those that fill the queue. */
const countSockets = (): number => {
  const all = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap' || name === 'TCPConnectWrap')
  return all.length
}

describe('a connection that does not come about', () => {
  test('is given up with the question for which it was made', async () => {
    const before = countSockets()
    await expect(transport.identify({ host: '127.0.0.1', port }, 50)).rejects.toMatchObject({
      code: 'deadline_exceeded',
    })
    await expect.poll(countSockets, { timeout: 1_000 }).toBe(before)
  })

  test('stays for others who wait for theirs, and for no closed peer', async () => {
    const before = countSockets()
    const patient = transport.identify({ host: '127.0.0.1', port }, 60_000).catch((error: unknown) => error)
    await expect(transport.identify({ host: '127.0.0.1', port }, 50)).rejects.toMatchObject({
      code: 'deadline_exceeded',
    })
    expect(countSockets()).toBeGreaterThan(before)
    await transport.close()
    expect(await patient).toMatchObject({ code: 'unavailable' })
    await expect.poll(countSockets, { timeout: 1_000 }).toBe(before)
  })
})
