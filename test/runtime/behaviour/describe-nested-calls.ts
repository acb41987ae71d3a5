import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CallOptions, Peer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SchemaHandlers, type SchemaStub, schema } from '../../../fixtures/behaviour/generated/schema.js'
import { Handlers } from './handlers.js'
import { catchError, type Harness, sayLate, silent } from './harness.js'

/** What the calls do that a handler makes: A calls B, whose handler calls C. */
export function describeNestedCalls(name: string, createHarness: () => Promise<Harness>): void {
  describe(`nested calls over ${name}`, () => {
    let harness: Harness
    let a: SchemaStub
    let peerB: Peer
    let handlersB: Handlers
    let handlersC: Handlers
    let idC: string
    /** What B does when A calls it. */
    let relay: (b: SchemaStub, c: string) => unknown

    beforeEach(async () => {
      harness = await createHarness()
      const peerA = await harness.createPeer({ logger: silent })
      peerB = await harness.createPeer({ logger: silent })
      const peerC = await harness.createPeer({ logger: silent })
      idC = peerC.id
      handlersB = new Handlers()
      handlersC = new Handlers()
      a = peerA.connect(schema)
      // Behind an await, where the call can no longer be seen by what is on the stack.
      const relayLater = (): Promise<unknown> => sleep(20).then(() => relay(b, idC))
      handlersB.echo = async () => await relayLater()
      const plain: Pick<SchemaHandlers, 'renamed'> = handlersB
      plain.renamed = () => relayLater().then(String)
      const b: SchemaStub = peerB.connect(schema, handlersB)
      peerC.connect(schema, handlersC)
    })
    afterEach(() => harness.close())

    test("a handler is in no other call's async context, whoever opened the connection", async () => {
      const storage = new AsyncLocalStorage<string>()
      const seen: (string | undefined)[] = []
      const handlers = new Handlers()
      const look = (): string => {
        seen.push(storage.getStore())
        return 'hello'
      }
      handlers.greet = look
      relay = look
      const peerD = await harness.createPeer({ logger: silent })
      const d = peerD.connect(schema, handlers)
      await storage.run("the first call's", () => d.echo(null, { peer: peerB.id }))
      await peerB.connect(schema).greet({ peer: peerD.id })
      await storage.run("the caller's", () => d.greet())
      expect(seen).toEqual([undefined, undefined, "the caller's"])
    })

    const callB = (options: CallOptions = {}): Promise<unknown> => a.echo(null, { peer: peerB.id, ...options })

    test('the innermost handler sees what is left of the time, minus what was spent', async () => {
      relay = (b, peer) => b.add({ left: 1, right: 2 }, { peer, timeoutMs: 60_000 })
      await callB({ timeoutMs: 2_000 })
      expect(handlersC.contexts[0]?.timeLeftMs).toBeLessThanOrEqual(1_981)
    })

    test('a shorter time of its own stays', async () => {
      relay = (b, peer) => catchError(b.wait({ ms: 60_000 }, { peer, timeoutMs: 30 })).then(({ message }) => message)
      expect(await callB({ timeoutMs: 20_000 })).toEqual(sayLate('schema.wait', 30))
    })

    test.each<[string, (b: SchemaStub, c: string) => unknown, () => Handlers]>([
      ['another peer', (b, peer) => b.wait({ ms: 60_000 }, { peer }), () => handlersC],
      ['itself', (b) => b.wait({ ms: 60_000 }), () => handlersB],
    ])('cancelling reaches a handler that a handler called on %s', async (_, run, innermost) => {
      relay = run
      const controller = new AbortController()
      const call = catchError(callB({ signal: controller.signal }))
      await expect.poll(() => innermost().ran).toContain('wait')
      controller.abort()
      expect(await call).toMatchObject({ code: 'canceled', maybeExecuted: true })
      await expect.poll(() => innermost().aborted).toMatchObject([{ code: 'canceled' }])
    })

    test('a deadline reaches the innermost handler', async () => {
      relay = (b, peer) => b.wait({ ms: 60_000 }, { peer })
      const call = catchError(callB({ timeoutMs: 1_000 }))
      await expect.poll(() => handlersC.ran).toEqual(['wait'])
      expect(await call).toMatchObject({ code: 'deadline_exceeded' })
      await expect.poll(() => handlersC.aborted.length).toBe(1)
    })

    test('a detached call has its own time, and goes on', async () => {
      relay = (b, peer) => b.wait({ ms: 200 }, { peer, detached: true })
      const controller = new AbortController()
      const call = catchError(callB({ signal: controller.signal }))
      await expect.poll(() => handlersC.ran).toEqual(['wait'])
      controller.abort()
      expect(await call).toMatchObject({ code: 'canceled' })
      await expect.poll(() => handlersC.finished).toEqual(['wait'])
      expect(handlersC.aborted).toEqual([])
    })

    test('what a handler calls after its answer has its own time', async () => {
      let later: Promise<unknown> | undefined
      relay = (b, peer) => {
        later = sleep(20).then(() => b.add({ left: 1, right: 2 }, { peer }))
        return null
      }
      await callB({ timeoutMs: 5_000 })
      await later
      expect(handlersC.contexts[0]?.timeLeftMs).toBeGreaterThan(20_000)
    })

    test('two calls at once keep their times apart', async () => {
      relay = (b, peer) => b.add({ left: 1, right: 2 }, { peer })
      await Promise.all([callB({ timeoutMs: 2_000 }), callB({ timeoutMs: 20_000 })])
      const [short = 0, long = 0] = handlersC.contexts.map(({ timeLeftMs }) => timeLeftMs).sort((x, y) => x - y)
      expect([short < 2_000, long > 15_000]).toEqual([true, true])
    })

    test('a function that is not async inherits from the time on when it is known to answer later', async () => {
      relay = (b, peer) => b.add({ left: 1, right: 2 }, { peer })
      await a.renamed({ peer: peerB.id, timeoutMs: 2_000 })
      await a.renamed({ peer: peerB.id, timeoutMs: 2_000 })
      expect(handlersC.contexts[1]?.timeLeftMs).toBeLessThanOrEqual(1_981)
    })
  })
}
