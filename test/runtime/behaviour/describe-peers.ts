import { inspect } from 'node:util'
import { netgen, type Peer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { events } from '../../../fixtures/behaviour/generated/events.js'
import { busy, flags } from '../../../fixtures/behaviour/generated/flags.js'
import { schema } from '../../../fixtures/behaviour/generated/schema.js'
import { FlagsOf } from './flag-handlers.js'
import { Handlers } from './handlers.js'
import { catchError, type Harness, sayLate, silent } from './harness.js'

/** What a peer says of itself, and what may change while it runs, whatever carries its calls. */
export function describePeers(name: string, createHarness: () => Promise<Harness>, hasEvents = true): void {
  describe(`a peer over ${name}`, () => {
    let harness: Harness
    let here: Peer
    let other: Peer

    beforeEach(async () => {
      harness = await createHarness()
      here = await harness.createPeer({ logger: silent, hub: true })
      other = await harness.createPeer({ logger: silent })
      other.connect(schema, new Handlers())
    })
    afterEach(() => harness.close())

    test('is described by its group, its address and whether it is a hub, and prints itself', () => {
      const { host, port } = here
      expect(here.describe()).toMatchObject({ group: 'default', host, port, hub: true })
      const printed = `<netgen.Peer h:${host} p:${port} g:default c:4 s:0 f:2>`
      expect([String(here), inspect(here)]).toEqual([printed, printed])
    })

    test('has what it serves, and the flags that it knows, in maps of its own', () => {
      here.connect(flags, new FlagsOf())
      expect([...here.connections.keys()]).toEqual([...netgen.connections, ...flags.connections].map(({ tag }) => tag))
      expect(here.connections.get('flags.ask')).toBe(flags.connections[0])
      expect(here.flags.get(busy.tag)).toBe(busy)
      ;(here.connections as Map<string, unknown>).clear()
      ;(here.flags as Map<string, unknown>).clear()
      expect([here.connections.size, here.flags.size]).toEqual([10, 4])
    })

    if (hasEvents)
      test('has its subscriptions, by the tag of the event, until they are closed', async () => {
        const { noteSaved } = here.connect(events)
        expect([...here.subscriptions]).toEqual([])
        const [first, second] = [await noteSaved.subscribe(() => {}), await noteSaved.subscribe(() => {})]
        expect([...here.subscriptions]).toEqual([['events.noteSaved', [first, second]]])
        expect(`${here}`).toContain(' s:1 ')
        const { subscriptions } = await other.connect(netgen).info({ peer: here.id })
        expect(subscriptions).toEqual(['events.noteSaved'])
        await first.close()
        await second.close()
        expect([...here.subscriptions]).toEqual([])
      })

    test('is asked whether it is there: by what peers() gives, by its id, by its address, or as oneself', async () => {
      const [found] = await here.peers()
      const { host, port } = other
      for (const target of [found ?? '', other.id, `${host}:${port}`]) {
        const { peer, roundTripMs } = await here.ping(target)
        expect(peer).toEqual(found)
        expect(roundTripMs).toBeGreaterThanOrEqual(0)
      }
      expect(await here.ping(here.id)).toMatchObject({ peer: { id: here.id }, roundTripMs: 0 })
    })

    test('is not there any more when it is closed, nor under an id that nobody has', async () => {
      const [found] = await here.peers()
      await other.close()
      expect(await catchError(here.ping(found ?? ''))).toMatchObject({ code: 'unavailable' })
      expect(await catchError(here.ping('nobody'))).toMatchObject({ code: 'not_found' })
      expect(await catchError(here.ping('', { timeoutMs: 0 }))).toMatchObject({ code: 'invalid_argument' })
    })

    test('changes how long calls may take while it runs', async () => {
      const { wait } = here.connect(schema)
      here.configure({ timeoutMs: 40 })
      expect(await catchError(wait({ ms: 60_000 }, { peer: other.id }))).toMatchObject({
        code: 'deadline_exceeded',
        message: sayLate('schema.wait', 40),
      })
      here.configure({ timeoutMs: 30_000, retryMs: 0 })
      expect(await wait({ ms: 1 }, { peer: other.id })).toBe('waited')
    })

    test('changes how much others are told while it runs', async () => {
      const { fail } = here.connect(schema)
      const message = async (): Promise<string> => (await catchError(fail('type', { peer: other.id }))).message
      expect(await message()).toBe('no such thing')
      other.configure({ disclosure: 'none' })
      expect(await message()).toContain('tells this caller no more')
      other.configure({ disclosure: 'message', mapError: () => new TypeError('another') })
      expect(await message()).toBe('another')
    })

    test.each<[object, string]>([
      [{ timeoutMs: 0 }, 'timeoutMs is 0, expected whole milliseconds from 1 to 2147483647'],
      [{ drainMs: -1 }, 'drainMs is -1, expected whole milliseconds from 0 to 2147483647'],
      [
        { disclosure: 'all' },
        'option disclosure of configure is "all", expected "stack", "message", "none" or a function',
      ],
      [{ mapError: 1 }, 'option mapError of configure is 1, expected a function'],
      [
        { logLevel: 'loud' },
        'option logLevel of configure is "loud", expected one of silent, error, warn, info, debug',
      ],
      [{ logLevel: 'debug' }, 'option logLevel of configure changes nothing here: this peer was given a logger'],
      [{ timoutMs: 5 }, 'option "timoutMs" of configure cannot be changed, or is unknown: did you mean "timeoutMs"?'],
      [
        { group: 'other', timeoutMs: 5 },
        'option "group" of configure cannot be changed, or is unknown: expected timeoutMs, retryMs, drainMs, disclosure, mapError, logLevel',
      ],
    ])('refuses to change what cannot be so: %j', async (changes, message) => {
      expect(() => here.configure(changes)).toThrow(expect.objectContaining({ code: 'invalid_argument', message }))
      expect(await here.connect(schema).greet({ peer: other.id })).toBe('hello')
    })

    test('made with listen: false is found by nobody, and calls itself alone, until it listens', async () => {
      const silentPeer = await harness.createPeer({ logger: silent, listen: false })
      const stub = silentPeer.connect(schema, new Handlers())
      expect(await stub.greet()).toBe('hello')
      expect(await here.peers()).toHaveLength(1)
      const refusal = {
        code: 'failed_precondition',
        message: 'this peer was made with listen: false: await its listen() first',
      }
      expect(await catchError(stub.greet({ peer: other.id }))).toMatchObject(refusal)
      expect(await catchError(silentPeer.peers())).toMatchObject(refusal)
      expect(await catchError(silentPeer.ping(other.id))).toMatchObject(refusal)
      expect(() => silentPeer.watch()).toThrow(expect.objectContaining(refusal))
      await Promise.all([silentPeer.listen(), silentPeer.listen()])
      await expect.poll(() => here.peers()).toHaveLength(2)
      expect(await stub.greet({ peer: other.id })).toBe('hello')
      expect(await here.connect(schema).greet({ peer: silentPeer.id })).toBe('hello')
    })

    test('that never listened can be closed', async () => {
      const silentPeer = await harness.createPeer({ logger: silent, listen: false })
      await silentPeer.close()
      await expect(async () => silentPeer.listen()).rejects.toMatchObject({ code: 'failed_precondition' })
    })
  })
}
