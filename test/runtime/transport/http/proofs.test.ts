import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { createPeer, type RemotePeer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SchemaStub, schema } from '../../../../fixtures/behaviour/generated/schema.js'
import { Handlers } from '../../behaviour/handlers.js'
import { catchError, type Harness, silent } from '../../behaviour/harness.js'
import { createSocketHarness } from '../../behaviour/socket-harness.js'

/** Node's own channel for requests that a server has read the head of. */
const REQUESTS = 'http.server.request.start'

/** And for connections that a server has accepted. */
const CONNECTIONS = 'net.server.socket'

describe('a peer that calls over HTTP', () => {
  let harness: Harness
  let stub: SchemaStub
  let peer: RemotePeer
  /** How often somebody was asked to prove itself. */
  let asked: number
  let handlers: Handlers
  /** The other end of each connection. */
  const sockets = new Set<Socket>()

  const onRequest = (message: unknown): void => {
    const { request } = message as { request: IncomingMessage }
    if (request.url?.startsWith('/netgen/v1/identity') === true) asked++
  }

  const onConnection = (message: unknown): void => {
    sockets.add((message as { socket: Socket }).socket)
  }

  beforeEach(async () => {
    harness = await createSocketHarness(createPeer)
    const there = await harness.createPeer({ logger: silent })
    handlers = new Handlers()
    there.connect(schema, handlers)
    const here = await harness.createPeer({ transport: 'http', logger: silent })
    stub = here.connect(schema)
    const { id, host, port, group, hub } = there
    peer = { id, host, port, group, hub }
    asked = 0
    sockets.clear()
    subscribe(REQUESTS, onRequest)
    subscribe(CONNECTIONS, onConnection)
  })
  afterEach(async () => {
    unsubscribe(REQUESTS, onRequest)
    unsubscribe(CONNECTIONS, onConnection)
    await harness.close()
  })

  const add = (): Promise<number> => stub.add({ left: 1, right: 2 }, { peer })

  test('has another one prove itself once for all calls that come meanwhile', async () => {
    expect(await Promise.all(Array.from({ length: 50 }, add))).toEqual(Array.from({ length: 50 }, () => 3))
    expect(asked).toBe(1)
  })

  test('asks again for a call that has more time than the one for which it asked', async () => {
    const silence = createServer((socket) => socket.resume()).listen(0, '127.0.0.1')
    await once(silence, 'listening')
    const nobody = { ...peer, port: (silence.address() as AddressInfo).port }
    const call = (timeoutMs: number): Promise<Error> =>
      catchError(stub.add({ left: 1, right: 2 }, { peer: nobody, timeoutMs }))
    const beganAtMs = performance.now()
    const first = call(50)
    const second = call(200)
    expect(await first).toMatchObject({ code: 'deadline_exceeded', maybeExecuted: false })
    expect(await second).toMatchObject({ code: 'deadline_exceeded', maybeExecuted: false })
    expect(performance.now() - beganAtMs).toBeGreaterThanOrEqual(199)
    silence.close()
  })

  test('asks nobody again whose call was given up, while another connection to it is open', async () => {
    const other = stub.wait({ ms: 300 }, { peer })
    await expect.poll(() => asked).toBe(1)
    const end = new AbortController()
    const call = catchError(stub.wait({ ms: 20_000 }, { peer, signal: end.signal }))
    await delay(100)
    end.abort()
    expect(await call).toMatchObject({ code: 'canceled' })
    await delay(50)
    expect(await add()).toBe(3)
    expect(await other).toBe('waited')
    expect(asked).toBe(1)
  })

  test('has another one prove itself anew, and goes on, where its connection ends while a call waits for one', async () => {
    for (let round = 0; round < 30; round++) {
      const lost = catchError(stub.wait({ ms: 20_000 }, { peer, retryMs: 0 }))
      await expect.poll(() => handlers.ran.filter((name) => name === 'wait'), { interval: 1 }).toHaveLength(round + 1)
      for (const socket of sockets) socket.destroy()
      sockets.clear()
      expect(await stub.add({ left: 1, right: 2 }, { peer, retryMs: 0 })).toBe(3)
      expect(await lost).toMatchObject({ code: 'unavailable' })
    }
    expect(asked).toBeGreaterThan(1)
  })
})
