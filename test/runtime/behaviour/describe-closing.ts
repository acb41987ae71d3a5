import type { Context, Peer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SchemaStub, schema } from '../../../fixtures/behaviour/generated/schema.js'
import { Handlers } from './handlers.js'
import { catchError, type Harness, silent } from './harness.js'

/** What becomes of calls when the peer that serves them is closed. */
export function describeClosing(name: string, createHarness: () => Promise<Harness>): void {
  describe(`closing over ${name}`, () => {
    let harness: Harness
    let here: Peer
    let there: Peer
    let stub: SchemaStub
    let remote: Handlers
    let local: Handlers
    /** What the call in flight goes on to do, once it may. */
    let goOn: (run?: () => unknown) => void
    let signals: AbortSignal[]

    beforeEach(async () => {
      harness = await createHarness()
      here = await harness.createPeer({ logger: silent })
      there = await harness.createPeer({ logger: silent })
      local = new Handlers()
      remote = new Handlers()
      signals = []
      const next = new Promise<(() => unknown) | undefined>((resolve) => {
        goOn = resolve
      })
      Object.assign(remote, {
        echo: async (value: unknown, { signal }: Context) => {
          signals.push(signal)
          const run = await next
          return run === undefined ? value : run()
        },
      })
      stub = here.connect(schema, local)
      there.connect(schema, remote)
      await here.peers()
    })
    afterEach(() => harness.close())

    const isInFlight = (): Promise<void> => expect.poll(() => signals.length).toBe(1)

    test('what is in flight is finished, and nothing new is begun', async () => {
      const call = stub.echo('kept', { peer: there.id })
      const [peer = there.id] = await here.peers()
      await isInFlight()
      const closed = there.close()
      await expect.poll(() => here.peers()).toEqual([])
      const refused = await catchError(stub.add({ left: 1, right: 2 }, { peer }))
      expect(refused).toMatchObject({ code: 'unavailable', maybeExecuted: false })
      expect(remote.ran).toEqual([])
      goOn()
      expect(await call).toBe('kept')
      await closed
    })

    test('a handler in flight may call others, its own peer among them', async () => {
      const notes = there.connect(schema)
      const call = stub.echo(null, { peer: there.id })
      await isInFlight()
      const closed = there.close()
      goOn(async () => [
        await notes.add({ left: 1, right: 2 }, { peer: here.id }),
        await notes.add({ left: 3, right: 4 }),
        (await there.peers()).map(({ id }) => id),
      ])
      expect(await call).toEqual([3, 7, [here.id]])
      await closed
    })

    test('what takes longer than the peer waits is lost, and its handler is told', async () => {
      const call = catchError(stub.echo(null, { peer: there.id }))
      await isInFlight()
      await there.close({ drainMs: 30 })
      expect(await call).toMatchObject({ code: 'unavailable', maybeExecuted: true })
      expect(signals[0]?.reason).toMatchObject({ code: 'unavailable', message: 'the peer is closing' })
    })

    test('a second close ends it sooner', async () => {
      const call = catchError(stub.echo(null, { peer: there.id }))
      await isInFlight()
      const closed = there.close()
      await there.close({ drainMs: 0 })
      expect(await call).toMatchObject({ code: 'unavailable', maybeExecuted: true })
      await closed
    })

    test("a peer's own calls end with unavailable when it serves nothing", async () => {
      const call = catchError(stub.echo(null, { peer: there.id }))
      await isInFlight()
      await here.close()
      expect(await call).toMatchObject({
        code: 'unavailable',
        maybeExecuted: true,
        message: 'the peer was closed during the call',
      })
      await expect.poll(() => signals[0]?.aborted).toBe(true)
      goOn()
    })

    test.each<[object, string]>([
      [{ drainMs: -1 }, 'drainMs is -1, expected whole milliseconds from 0 to 2147483647'],
      [{ timeoutMs: 1 }, 'option "timeoutMs" of close is unknown: expected drainMs'],
    ])('%j is refused', (options, message) => {
      expect(() => here.close(options)).toThrow(message)
    })
  })
}
