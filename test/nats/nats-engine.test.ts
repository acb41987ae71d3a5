import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import * as nats from '@nats-io/transport-node'
import type { Logger } from 'netgen/runtime'
import { beforeEach, describe, expect, test } from 'vitest'
import { NatsEngine } from '../../runtime/transport/nats/nats-engine.js'

/** A connection that a test says the state of. */
class FakeConnection {
  readonly statuses = new PassThrough({ objectMode: true })
  end: (error?: Error) => void = () => {}
  readonly #closed = new Promise<Error | undefined>((resolve) => {
    this.end = resolve
  })
  info: { readonly max_payload: number } | undefined = { max_payload: 65_536 }
  isClosed(): boolean {
    return false
  }
  closed(): Promise<Error | undefined> {
    return this.#closed
  }
  status(): AsyncIterable<unknown> {
    return this.statuses
  }
  flush(): Promise<void> {
    return Promise.resolve()
  }
  stats(): { readonly inBytes: number } {
    return { inBytes: 0 }
  }
  async close(): Promise<void> {
    this.end()
  }
}

describe('an engine of NATS', () => {
  let connection: FakeConnection
  let engine: NatsEngine
  let lines: string[]

  beforeEach(() => {
    lines = []
    const note = (message: string): void => void lines.push(message)
    const logger: Logger = { debug() {}, info: note, warn: note, error: note }
    connection = new FakeConnection()
    const authentication = { explain: () => 'does not take the user "ann" with its password: correct them' }
    const client = connection as unknown as nats.NatsConnection
    engine = new NatsEngine({ connection: client, nats, group: 'notes', authentication, logger })
  })

  async function tell(...statuses: readonly object[]): Promise<void> {
    for (const status of statuses) connection.statuses.write(status)
    await nextTurn()
  }

  const server = '127.0.0.1:4222'
  const locked = { type: 'error', error: new nats.errors.AuthorizationError('Authorization Violation') }

  test('says once for each outage that it lets nobody in, and what to do', async () => {
    const outage = [{ type: 'disconnect', server }, locked, locked, locked, { type: 'reconnect', server }]
    await tell(...outage)
    const told = [
      'the engine is down: calls fail until it is back',
      'the engine does not take the user "ann" with its password: correct them',
      'the engine is back',
    ]
    expect(lines).toEqual(told)
    await tell(...outage)
    expect(lines).toEqual([...told, ...told])
  })

  test('says that its connection has ended for good', async () => {
    const followed: boolean[] = []
    engine.follow((isUp) => void followed.push(isUp))
    connection.end(new Error('the authenticator has thrown'))
    await nextTurn()
    expect(lines[0]).toBe('the engine has ended for good: start this peer again')
    expect([engine.trouble, typeof engine.downSinceMs, followed]).toEqual(['ended for good', 'number', [false]])
  })

  test('takes while it is down what the server took that was lost: the client of NATS forgets that', async () => {
    expect(engine.maxBytes).toBe(65_536)
    await tell({ type: 'disconnect', server })
    connection.info = undefined
    expect(engine.maxBytes).toBe(65_536)
    connection.info = { max_payload: 8_192 }
    await tell({ type: 'reconnect', server })
    expect(engine.maxBytes).toBe(8_192)
    await tell({ type: 'disconnect', server })
    connection.info = undefined
    expect(engine.maxBytes).toBe(8_192)
  })

  test('says nothing where it is closed', async () => {
    await engine.close()
    connection.statuses.end()
    await once(connection.statuses, 'close')
    expect([lines, engine.trouble]).toEqual([[], undefined])
  })
})
