import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { any, type Peer, type RemotePeer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SchemaStub, schema } from '../../../fixtures/behaviour/generated/schema.js'
import { Handlers } from './handlers.js'
import { catchError, type Harness, silent } from './harness.js'

/** What becomes of calls when the way to a peer, or the peer itself, is lost: over sockets only, since only they have ports. */
export function describeRepeats(name: string, createHarness: () => Promise<Harness>): void {
  describe(`repeated calls over ${name}`, () => {
    let harness: Harness
    let stub: SchemaStub
    let there: Peer
    let target: RemotePeer
    let address: string
    /** What `put` ran, on whichever peer. */
    let ran: string[]
    /** The handlers of the peer that was started last. */
    let served: Handlers
    /** Lets the handlers of `put` go on. */
    let goOn: () => void
    const sockets = new Set<Socket>()
    const keep = (message: unknown): void => {
      const { socket } = message as { socket: Socket }
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    }

    beforeEach(async () => {
      subscribe('net.client.socket', keep)
      harness = await createHarness()
      const here = await harness.createPeer({ logger: silent })
      stub = here.connect(schema)
      ran = []
      there = await start(0)
      address = `${there.host}:${there.port}`
      const [found] = await here.peers()
      if (found === undefined) throw new Error('expected the other peer to be found')
      target = found
    })
    afterEach(async () => {
      unsubscribe('net.client.socket', keep)
      await harness.close()
    })

    async function start(port: number): Promise<Peer> {
      const peer = await harness.createPeer({ logger: silent, port })
      const wait = new Promise<void>((resolve) => {
        goOn = resolve
      })
      const handlers = Object.assign(new Handlers(), {
        put: async ({ text }: { text: string }) => {
          ran.push(`put ${text}`)
          await wait
          return `${text} at ${peer.id}`
        },
      })
      peer.connect(schema, handlers)
      served = handlers
      return peer
    }

    const put = (text: string, peer: RemotePeer | string): Promise<string> => stub.put({ name: 'a', text }, { peer })

    test('a call to an address waits for somebody who listens there', async () => {
      await there.close()
      const call = stub.add({ left: 1, right: 2 }, { peer: address, retryMs: 20_000 })
      await start(target.port)
      expect(await call).toBe(3)
    })

    test('a call to a peer that has ended fails at once, since nobody else is that peer', async () => {
      await there.close()
      await start(target.port)
      const error = await catchError(stub.put({ name: 'a', text: 'b' }, { peer: target, retryMs: 20_000 }))
      expect(error).toMatchObject({ code: 'unavailable', maybeExecuted: false })
      expect(error.message).toMatch(/^peer [0-9a-f]{16} is gone: at [^ ]+ is [0-9a-f]{16} now$/)
    })

    test('a call whose connection is lost finds its handler again, which runs once', async () => {
      const call = put('once', target)
      await expect.poll(() => ran).toEqual(['put once'])
      for (const socket of sockets) socket.destroy()
      await expect.poll(() => sockets.size).toBeGreaterThan(0)
      goOn()
      expect(await call).toBe(`once at ${there.id}`)
      expect(ran).toEqual(['put once'])
    })

    test('a call that is not idempotent is not repeated once it may have run', async () => {
      const call = catchError(stub.wait({ ms: 60_000 }, { peer: address }))
      await expect.poll(() => served.ran).toEqual(['wait'])
      for (const socket of sockets) socket.destroy()
      const error = await call
      expect(error).toMatchObject({ code: 'unavailable', maybeExecuted: true })
      expect(error.message).toMatch(/: the handler may have run$/)
    })

    test('an idempotent call to an address goes on with who comes after', async () => {
      const call = stub.put({ name: 'a', text: 'again' }, { peer: address, retryMs: 20_000 })
      await expect.poll(() => ran).toEqual(['put again'])
      await there.close({ drainMs: 0 })
      const next = await start(target.port)
      goOn()
      expect(await call).toBe(`again at ${next.id}`)
      expect(ran).toEqual(['put again', 'put again'])
    })

    test('an idempotent call that chose its peer goes on with another one', async () => {
      const call = stub.put({ name: 'a', text: 'moved' }, { peer: any() })
      await expect.poll(() => ran).toEqual(['put moved'])
      const next = await start(0)
      await there.close({ drainMs: 0 })
      await expect.poll(() => ran).toEqual(['put moved', 'put moved'])
      goOn()
      expect(await call).toBe(`moved at ${next.id}`)
    })

    test('a call that chose its peer, and is not idempotent, stays lost once it may have run', async () => {
      const call = catchError(stub.wait({ ms: 60_000 }, { peer: any() }))
      await expect.poll(() => served.ran).toEqual(['wait'])
      await start(0)
      await there.close({ drainMs: 0 })
      expect(await call).toMatchObject({ code: 'unavailable', maybeExecuted: true })
      expect(served.ran).toEqual([])
    })

    test('a call that nobody takes fails in the end, and says how often it was tried', async () => {
      await there.close()
      const error = await catchError(stub.add({ left: 1, right: 2 }, { peer: address, retryMs: 300 }))
      expect(error).toMatchObject({ code: 'unavailable', maybeExecuted: false })
      expect(error.message).toMatch(
        new RegExp(`^no peer listens at ${address}: it has ended, or never ran there \\(after \\d+ attempts\\)$`),
      )
    })
  })
}
