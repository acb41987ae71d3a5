import type { Peer, RemotePeer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SchemaStub, schema } from '../../../fixtures/behaviour/generated/schema.js'
import { Handlers } from './handlers.js'
import { catchError, type Harness, sayLate, silent } from './harness.js'

/** What calls do, whatever carries them. */
export function describeCalls(name: string, createHarness: () => Promise<Harness>): void {
  describe(`calls over ${name}`, () => {
    let harness: Harness
    let here: Peer
    let notes: SchemaStub
    let there: RemotePeer
    let remote: Handlers
    let local: Handlers

    beforeEach(async () => {
      harness = await createHarness()
      here = await harness.createPeer({ logger: silent })
      const other = await harness.createPeer({ logger: silent })
      local = new Handlers()
      remote = new Handlers()
      notes = here.connect(schema, local)
      other.connect(schema, remote)
      const [found] = await here.peers()
      if (found === undefined) throw new Error('expected the other peer to be found')
      there = found
    })
    afterEach(() => harness.close())

    test('a call without a peer runs here, with a peer there, and both answer alike', async () => {
      expect(await notes.add({ left: 1, right: 2 })).toBe(3)
      expect([local.ran, remote.ran]).toEqual([['add'], []])
      expect(await notes.add({ left: 1, right: 2 }, { peer: there })).toBe(3)
      expect([local.ran, remote.ran]).toEqual([['add'], ['add']])
    })

    test('a peer is named by what peers() gave, by its id, or by host:port', async () => {
      const targets = [there, there.id, `${there.host}:${there.port}`]
      for (const peer of targets) expect(await notes.greet({ peer })).toBe('hello')
      expect(remote.ran).toEqual(['greet', 'greet', 'greet'])
    })

    test('a peer that is told to call itself by its id runs the call here', async () => {
      expect(await notes.greet({ peer: here.id })).toBe('hello')
      expect(local.ran).toEqual(['greet'])
    })

    test.each<[string, unknown]>([
      ['null', null],
      ['text', 'hällo ✓ \u2028 \ud83d\ude00'],
      ['nested', { list: [1, -2.5, true, null, { deep: [[]] }] }],
      ['undeclared keys', JSON.parse('{ "constructor": "x", "toString": 1, "then": 2 }')],
    ])('a value comes back as it was sent: %s', async (_, value) => {
      expect(await notes.echo(value, { peer: there })).toEqual(value)
      expect(await notes.echo(value)).toEqual(value)
    })

    test('a connection without an output answers undefined', async () => {
      expect(await notes.forget('it', { peer: there })).toBeUndefined()
      expect(await notes.forget('it')).toBeUndefined()
      expect(remote.ran).toEqual(['forget it'])
    })

    test('a tag with any character, and its aliases, lead to the handler', async () => {
      expect(await notes.renamed({ peer: there })).toBe('found')
    })

    test('a handler knows the peer that serves, the caller, the tag and the time it has', async () => {
      await notes.add({ left: 1, right: 2 }, { peer: there, timeoutMs: 5_000 })
      const [context] = remote.contexts
      expect(context?.peer.id).toBe(there.id)
      expect(context?.caller).toEqual({ id: here.id, group: here.group })
      expect(context?.tag).toBe('schema.add')
      expect(context?.timeLeftMs).toBeGreaterThan(0)
      expect(context?.timeLeftMs).toBeLessThanOrEqual(5_000)
    })

    test('an input of too many keys is refused before it is sent', async () => {
      const names = Object.fromEntries(Array.from({ length: 45_000 }, (_, index) => [`name ${index}`, 0]))
      const error = await catchError(notes.echo(names, { peer: there }))
      expect([error['code'], error['maybeExecuted'], error.message]).toEqual([
        'resource_exhausted',
        false,
        'input of schema.echo is refused: its different keys, shapes of objects and nested values count more than 40000: send it in parts',
      ])
    })

    test('calls under way at once get their own answers', async () => {
      const numbers = Array.from({ length: 200 }, (_, index) => index)
      const sums = await Promise.all(numbers.map((left) => notes.add({ left, right: 1 }, { peer: there })))
      expect(sums).toEqual(numbers.map((left) => left + 1))
    })

    test('a call to all gives each other peer one settled result', async () => {
      const third = await harness.createPeer({ logger: silent })
      const results = await notes.greet.all()
      expect(results.map(({ peer, status }) => [peer.id, status])).toEqual([
        [there.id, 'fulfilled'],
        [third.id, 'rejected'],
      ])
      expect(results[0]).toMatchObject({ value: 'hello' })
      expect(results[1]).toMatchObject({ reason: { code: 'unimplemented', maybeExecuted: false } })
      expect(local.ran).toEqual([])
    })

    test('a call to all ends at one deadline', async () => {
      const [result] = await notes.wait.all({ ms: 60_000 }, { timeoutMs: 60 })
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'deadline_exceeded' } })
    })

    test('a deadline ends the call here, and fires the signal there', async () => {
      const error = await catchError(notes.wait({ ms: 60_000 }, { peer: there, timeoutMs: 60 }))
      expect(error).toMatchObject({
        code: 'deadline_exceeded',
        maybeExecuted: true,
        message: sayLate('schema.wait', 60),
      })
      await expect.poll(() => remote.aborted.length).toBe(1)
    })

    test('cancelling reaches the handler', async () => {
      const controller = new AbortController()
      const call = notes.wait({ ms: 60_000 }, { peer: there, signal: controller.signal })
      await expect.poll(() => remote.ran).toEqual(['wait'])
      controller.abort(new Error('changed my mind'))
      const error = await catchError(call)
      expect(error).toMatchObject({ code: 'canceled', maybeExecuted: true, cause: { message: 'changed my mind' } })
      await expect.poll(() => remote.aborted).toMatchObject([{ code: 'canceled' }])
    })

    test('a signal that has fired before means that nothing runs', async () => {
      const error = await catchError(notes.greet({ peer: there, signal: AbortSignal.abort() }))
      expect(error).toMatchObject({ code: 'canceled', maybeExecuted: false })
      expect(remote.ran).toEqual([])
    })

    test('what is under way when the caller closes its peer ends with unavailable', async () => {
      const call = catchError(notes.wait({ ms: 60_000 }, { peer: there }))
      await expect.poll(() => remote.ran).toEqual(['wait'])
      await here.close()
      expect(await call).toMatchObject({ code: 'unavailable', maybeExecuted: true })
      await expect.poll(() => remote.aborted.length).toBe(1)
    })
  })
}
