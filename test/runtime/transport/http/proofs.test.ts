import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { createPeer, type RemotePeer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SchemaStub, schema } from '../../../../fixtures/behaviour/generated/schema.js'
import { Handlers } from '../../behaviour/handlers.js'
import { catchError, type Harness, silent } from '../../behaviour/harness.js'
import { createSocketHarness } from '../../behaviour/socket-harness.js'

/** Node's own channel for requests that a server has read the head of. */
const REQUESTS = 'http.server.request.start'

describe('a peer that calls over HTTP', () => {
  let harness: Harness
  let stub: SchemaStub
  let peer: RemotePeer
  /** How often somebody was asked to prove itself. */
  let asked: number

  const onRequest = (message: unknown): void => {
    const { request } = message as { request: IncomingMessage }
    if (request.url?.startsWith('/netgen/v1/identity') === true) asked++
  }

  beforeEach(async () => {
    harness = await createSocketHarness(createPeer)
    const there = await harness.createPeer({ logger: silent })
    there.connect(schema, new Handlers())
    const here = await harness.createPeer({ transport: 'http', logger: silent })
    stub = here.connect(schema)
    const { id, host, port, group, hub } = there
    peer = { id, host, port, group, hub }
    asked = 0
    subscribe(REQUESTS, onRequest)
  })
  afterEach(async () => {
    unsubscribe(REQUESTS, onRequest)
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
})
