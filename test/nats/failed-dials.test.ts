import { connect } from 'node:net'
import * as nats from '@nats-io/transport-node'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { endFailedDials } from '../../runtime/transport/nats/end-failed-dials.js'
import { countSockets, type FullListener, startFullListener } from '../runtime/transport/start-full-listener.js'
import { feignNats } from './feigned-server.js'

let listener: FullListener
let port: number

beforeEach(async () => {
  listener = await startFullListener()
  port = listener.port
})
afterEach(() => listener.stop())

test('what a client of NATS was dialling is ended when it gives up, and nothing else is', async () => {
  const before = countSockets()
  const options = { servers: `127.0.0.1:${port}`, timeout: 100 }
  const failing = endFailedDials(() => nats.connect(options))
  const other = connect(port, '127.0.0.1').on('error', () => {})
  onTestFinished(() => void other.destroy())
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
