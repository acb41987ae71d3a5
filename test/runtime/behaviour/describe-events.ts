import { type Gap, type LogFields, type Logger, NetgenError, type Peer, type PeerOptions } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type EventsStub, events } from '../../../fixtures/behaviour/generated/events.js'
import { describeConnection, describeSchema } from '../call/descriptors.js'
import { catchError, type Harness, silent } from './harness.js'

interface Entry extends LogFields {
  readonly level: string
  readonly message: string
}

/** A log that can be read. */
function collectLog(): { logger: Logger; entries: Entry[] } {
  const entries: Entry[] = []
  const write =
    (level: string) =>
    (message: string, fields: LogFields): void => {
      entries.push({ ...fields, level, message })
    }
  return {
    entries,
    logger: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
  }
}

const never = new Promise<never>(() => {})

/** What events promise, whatever carries them. */
export function describeEvents(name: string, createHarness: () => Promise<Harness>): void {
  describe(`events over ${name}`, () => {
    let harness: Harness

    beforeEach(async () => {
      harness = await createHarness()
    })
    afterEach(() => harness.close())

    const open = async (options: PeerOptions = {}): Promise<{ peer: Peer; stub: EventsStub }> => {
      const peer = await harness.createPeer({ logger: silent, ...options })
      return { peer, stub: peer.connect(events) }
    }
    /** Waits until so many peers send to a subscription. */
    const expectPeers = (subscription: { readonly peers: readonly unknown[] }, count: number): Promise<void> =>
      expect.poll(() => subscription.peers.length, { timeout: 5_000 }).toBe(count)

    describe('emitting', () => {
      test('row 61: a payload reaches each subscriber as it was, codecs included', async () => {
        const publisher = await open()
        const got: unknown[] = []
        for (const { stub } of [await open(), await open()]) {
          await stub.noteSaved.subscribe((note, { peer, sequence }) => {
            got.push({ note, from: peer.id, sequence })
          })
        }
        const note = { id: 'ä', size: 2n ** 70n, at: new Date(1_763_867_536_123) }
        expect(await publisher.stub.noteSaved.emit(note)).toEqual({ delivered: 2, failed: 0, dropped: 0 })
        const arrived = { note, from: publisher.peer.id, sequence: 1 }
        await expect.poll(() => got).toEqual([arrived, arrived])
      })

      test('an event without a payload says when it happened, and where', async () => {
        const publisher = await open()
        const subscriber = await open()
        const got: unknown[][] = []
        await subscriber.stub.happened.subscribe((...args) => got.push(args))
        const beforeMs = Date.now()
        await publisher.stub.happened.emit()
        await expect.poll(() => got.length).toBe(1)
        const [payload, delivery] = got[0] as [unknown, { peer: { id: string }; sequence: number; emittedAtMs: number }]
        expect([payload, delivery.peer.id, delivery.sequence]).toEqual([undefined, publisher.peer.id, 1])
        expect(delivery.emittedAtMs).toBeGreaterThanOrEqual(beforeMs)
        expect(delivery.emittedAtMs).toBeLessThanOrEqual(Date.now())
      })

      test('row 68: emitting does not wait for handlers, and what it gives does for delivery alone', async () => {
        const publisher = await open()
        const hung = await open()
        const prompt = await open()
        const got: number[] = []
        await hung.stub.counted.subscribe(() => never)
        await prompt.stub.counted.subscribe((count) => got.push(count))
        for (let count = 0; count < 20; count++) {
          expect(await publisher.stub.counted.emit(count)).toEqual({ delivered: 2, failed: 0, dropped: 0 })
        }
        await expect.poll(() => got).toEqual(Array.from({ length: 20 }, (_, count) => count))
      })

      test('row 71: without subscribers nothing is delivered, which is logged at debug', async () => {
        const { logger, entries } = collectLog()
        const { stub } = await open({ logger })
        expect(await stub.counted.emit(1)).toEqual({ delivered: 0, failed: 0, dropped: 0 })
        expect(entries).toContainEqual({
          level: 'debug',
          message: 'an event has no subscribers',
          tag: 'events.counted',
          sequence: 1,
        })
      })

      test('row 72: all events of a publisher arrive in their order, whichever they are', async () => {
        const publisher = await open()
        const subscriber = await open()
        const got: unknown[] = []
        await subscriber.stub.counted.subscribe((count, { sequence }) => got.push(['counted', count, sequence]))
        await subscriber.stub.said.subscribe((said, { sequence }) => got.push(['said', said, sequence]))
        const sent: unknown[] = []
        for (let count = 1; count <= 1_000; count++) {
          publisher.stub.counted.emit(count)
          sent.push(['counted', count, count])
          if (count % 3 !== 0) continue
          publisher.stub.said.emit({ count })
          sent.push(['said', { count }, count / 3])
        }
        await expect.poll(() => got.length).toBe(sent.length)
        expect(got).toEqual(sent)
      })

      test('a wrong payload is refused where it is emitted, and nothing leaves', async () => {
        const publisher = await open()
        const subscriber = await open()
        const got: number[] = []
        await subscriber.stub.counted.subscribe((count) => got.push(count))
        const wrong = 'one' as unknown as number
        const error = await catchError(Promise.resolve(publisher.stub.counted.emit(wrong)))
        expect([error.name, error['code'], error.message]).toEqual([
          'NetgenError',
          'invalid_argument',
          'payload of events.counted is refused: it is "one", expected an integer',
        ])
        expect(error.stack).toContain('describe-events.ts')
        await publisher.stub.counted.emit(1)
        await expect.poll(() => got).toEqual([1])
      })

      test('a payload that nobody can emit is logged where nobody waits for its emission', async () => {
        const { logger, entries } = collectLog()
        const { stub } = await open({ logger })
        stub.counted.emit(0.5)
        await expect.poll(() => entries.filter(({ level }) => level === 'error')).toHaveLength(1)
        expect(entries.find(({ level }) => level === 'error')).toMatchObject({
          message: 'an event was not emitted',
          tag: 'events.counted',
          error: { code: 'invalid_argument' },
        })
      })

      test('a payload over 1 MiB is refused', async () => {
        const { stub } = await open()
        const error = await catchError(Promise.resolve(stub.said.emit('x'.repeat(1_048_576))))
        expect([error['code'], error.message]).toEqual([
          'resource_exhausted',
          'payload of events.said has 1048578 bytes of JSON, at most 1048576 are allowed: send a reference to it',
        ])
      })

      test('a payload of too many keys is refused', async () => {
        const { stub } = await open()
        const names = Object.fromEntries(Array.from({ length: 45_000 }, (_, index) => [`name ${index}`, 0]))
        const error = await catchError(Promise.resolve(stub.said.emit(names)))
        expect([error['code'], error.message]).toEqual([
          'resource_exhausted',
          'payload of events.said is refused: its different keys, shapes of objects and nested values count more than 40000: send a reference to it',
        ])
      })

      test('hooks prepare each payload one after the other, in the order of emission, until they are taken away', async () => {
        const publisher = await open()
        const subscriber = await open()
        const got: number[] = []
        await subscriber.stub.counted.subscribe((count) => got.push(count))
        const { counted } = publisher.stub
        const hooks = [
          counted.beforeEmit(async (count) => {
            for (let turns = 10; turns > count; turns--) await undefined
            return count * 10
          }),
          counted.beforeEmit((count) => count + 1),
        ]
        const failing = counted.beforeEmit((count) => {
          if (count === 21) throw new RangeError('not this one')
          return count
        })
        const emissions = [counted.emit(1), counted.emit(2), counted.emit(3)]
        expect(await emissions[0]).toMatchObject({ delivered: 1 })
        expect(await catchError(Promise.resolve(emissions[1]))).toEqual(new RangeError('not this one'))
        await emissions[2]
        for (const hook of [...hooks, failing]) hook[Symbol.dispose]()
        await counted.emit(4)
        await expect.poll(() => got).toEqual([11, 31, 4])
      })

      test('another schema with the same tag is refused, and nothing of it is connected', async () => {
        const { peer, stub } = await open()
        const changed = events.events.map((event) => (event.name === 'said' ? { ...event, digest: 'older' } : event))
        const older = { ...events, digest: 'of an older version', events: changed }
        expect(() => peer.connect(older)).toThrow(
          expect.objectContaining({
            code: 'already_exists',
            message: 'tag "events.said" is an event of another schema of this peer: change one of the two',
          }),
        )
        expect(peer.connect({ ...events, digest: 'with the same events' }).said).toBe(stub.said)
      })

      test('a closed peer emits nothing', async () => {
        const { peer, stub } = await open()
        await peer.close()
        expect(await catchError(Promise.resolve(stub.counted.emit(1)))).toMatchObject({ code: 'failed_precondition' })
      })
    })

    describe('subscribing', () => {
      test.each<[string, (publisher: Peer) => object, number]>([
        ['row 62: to the own group by default', () => ({}), 0],
        ['row 62: to other groups', () => ({ groups: ['elsewhere', 'notes'] }), 1],
        ['row 62: to hubs, of which it is none', () => ({ groups: 'elsewhere', hubsOnly: true }), 0],
        ['row 62: to a host', ({ host }) => ({ groups: 'elsewhere', onHost: host }), 1],
        ['row 62: to another host', () => ({ groups: 'elsewhere', onHost: '192.0.2.1' }), 0],
        ['row 62: to a peer by its id', ({ id }) => ({ groups: 'elsewhere', peers: [id] }), 1],
        [
          'row 62: to a peer at an address',
          ({ host, port }) => ({ groups: 'elsewhere', peers: [`${host}:${port}`] }),
          1,
        ],
        ['row 62: to another peer', () => ({ groups: 'elsewhere', peers: ['0123456789abcdef'] }), 0],
      ])('%s', async (_, createOptions, delivered) => {
        const publisher = await open({ group: 'elsewhere' })
        const subscriber = await open()
        const subscription = await subscriber.stub.counted.subscribe(() => {}, createOptions(publisher.peer))
        expect(subscription.peers.map(({ id }) => id)).toEqual(delivered === 0 ? [] : [publisher.peer.id])
        expect(await publisher.stub.counted.emit(1)).toMatchObject({ delivered })
      })

      test('row 62: to hubs only', async () => {
        const hub = await open({ hub: true })
        const other = await open()
        const subscriber = await open()
        const got: number[] = []
        await subscriber.stub.counted.subscribe((count) => got.push(count), { hubsOnly: true })
        await other.stub.counted.emit(1)
        await hub.stub.counted.emit(2)
        await expect.poll(() => got).toEqual([2])
      })

      test('row 64: a hub that starts last reaches everyone who was there before', async () => {
        const got: number[] = []
        const subscriptions = []
        for (let index = 0; index < 3; index++) {
          const { stub } = await open()
          subscriptions.push(await stub.counted.subscribe((count) => got.push(count), { hubsOnly: true }))
        }
        const hub = await open({ hub: true })
        for (const subscription of subscriptions) await expectPeers(subscription, 1)
        expect(await hub.stub.counted.emit(7)).toEqual({ delivered: 3, failed: 0, dropped: 0 })
        await expect.poll(() => got).toEqual([7, 7, 7])
      })

      test('a peer may be subscribed to before it connects the schema', async () => {
        const publisher = await harness.createPeer({ logger: silent })
        const subscriber = await open()
        const got: number[] = []
        await subscriber.stub.counted.subscribe((count) => got.push(count))
        expect(await publisher.connect(events).counted.emit(1)).toMatchObject({ delivered: 1 })
        await expect.poll(() => got).toEqual([1])
      })

      test('an older tag is another name of the same event', async () => {
        const publisher = await open()
        const older = await harness.createPeer({ logger: silent })
        const [said] = events.events.filter(({ name: own }) => own === 'said')
        if (said === undefined) throw new Error('expected the event')
        const stub = older.connect({
          ...events,
          digest: 'of an older version',
          events: [{ ...said, tag: 'events.told', aliases: [] }],
        })
        const got: unknown[] = []
        await stub.said.subscribe((value, { sequence }) => got.push([value, sequence]))
        const newer = await open()
        await newer.stub.said.subscribe((value, { sequence }) => got.push([value, sequence]))
        expect(await publisher.stub.said.emit('hello')).toEqual({ delivered: 2, failed: 0, dropped: 0 })
        await expect
          .poll(() => got)
          .toEqual([
            ['hello', 1],
            ['hello', 1],
          ])
      })

      test('own events are heard where that is asked for, through the same checks', async () => {
        const { peer, stub } = await open()
        const note = { id: 'a', size: 1n, at: new Date(0) }
        const got: unknown[] = []
        await stub.noteSaved.subscribe(() => got.push('not this one'))
        await stub.noteSaved.subscribe((own, delivery) => got.push([own, own === note, delivery.peer.id]), {
          self: true,
        })
        expect(await stub.noteSaved.emit(note)).toMatchObject({ delivered: 1 })
        await expect.poll(() => got).toEqual([[note, false, peer.id]])
      })

      test('row 66: two subscriptions of one peer get an event once each, and a copy of their own', async () => {
        const publisher = await open()
        const { stub } = await open()
        const got: unknown[] = []
        await stub.said.subscribe((said) => {
          got.push((said as unknown[]).length)
          ;(said as unknown[]).push('written over')
        })
        await stub.said.subscribe((said) => got.push((said as unknown[]).length))
        await publisher.stub.said.emit([1, 2])
        await publisher.stub.said.emit([1, 2, 3])
        await expect.poll(() => got).toEqual([2, 2, 3, 3])
      })

      test('row 67: what handles a subscription cannot be called', async () => {
        const publisher = await open()
        const subscriber = await open()
        const handler = vi.fn()
        await subscriber.stub.counted.subscribe(handler)
        const checks = { input: null, output: null, errors: {}, jsonSchemas: '{}' }
        const load = (): Promise<typeof checks> => Promise.resolve(checks)
        const forged = describeSchema('forged', [describeConnection('counted', { tag: 'events.counted', load })])
        const stub = publisher.peer.connect(forged) as { counted(input: unknown, options: object): Promise<unknown> }
        expect(await catchError(stub.counted(1, { peer: subscriber.peer.id }))).toMatchObject({ code: 'unimplemented' })
        expect(handler).not.toHaveBeenCalled()
      })

      test.each<[object, string]>([
        [
          { hubOnly: true },
          'option "hubOnly" of a subscription to events.counted is unknown: did you mean "hubsOnly"?',
        ],
        [{ self: 1 }, 'option "self" of a subscription to events.counted is 1, expected true or false'],
        [
          { peers: [3] },
          'option "peers" of a subscription to events.counted is 3, expected peers from peer.peers(), ids, or host:port',
        ],
        [{ signal: 'x' }, 'option "signal" of a subscription to events.counted is "x", expected an AbortSignal'],
        [{ onGap: 'x' }, 'option "onGap" of a subscription to events.counted is "x", expected a function'],
        [{ groups: 1 }, 'filter "groups" of peers is 1, expected a text or a list of texts'],
      ])('%j is refused, in both forms', async (options, message) => {
        const { stub } = await open()
        const error = await catchError(stub.counted.subscribe(() => {}, options))
        expect([error instanceof NetgenError, error.message]).toEqual([true, message])
        expect(() => stub.counted.subscribe(options)).toThrow(message)
      })
    })

    describe('ending a subscription', () => {
      test('row 65: by close', async () => {
        const publisher = await open()
        const { stub } = await open()
        const got: number[] = []
        const subscription = await stub.counted.subscribe((count) => got.push(count))
        await publisher.stub.counted.emit(1)
        await expect.poll(() => got).toEqual([1])
        await subscription.close()
        expect(subscription.peers).toEqual([])
        await expect.poll(async () => (await publisher.stub.counted.emit(2)).delivered).toBe(0)
        expect(got).toEqual([1])
      })

      test('row 65: by a signal', async () => {
        const publisher = await open()
        const { stub } = await open()
        const got: number[] = []
        const controller = new AbortController()
        await stub.counted.subscribe((count) => got.push(count), { signal: controller.signal })
        controller.abort()
        await expect.poll(async () => (await publisher.stub.counted.emit(2)).delivered).toBe(0)
        const aborted = await stub.counted.subscribe((count) => got.push(count), { signal: controller.signal })
        expect(aborted.peers).toEqual([])
        expect(got).toEqual([])
      })

      test('row 65: by using', async () => {
        const publisher = await open()
        const { stub } = await open()
        const got: number[] = []
        {
          await using subscription = await stub.counted.subscribe((count) => got.push(count))
          expect(subscription.peers).toHaveLength(1)
        }
        await expect.poll(async () => (await publisher.stub.counted.emit(2)).delivered).toBe(0)
        expect(got).toEqual([])
      })

      test('row 65: of two subscriptions the other one goes on', async () => {
        const publisher = await open()
        const { stub } = await open()
        const got: string[] = []
        const first = await stub.counted.subscribe((count) => got.push(`first ${count}`))
        await stub.counted.subscribe((count) => got.push(`second ${count}`))
        await first.close()
        expect(await publisher.stub.counted.emit(1)).toMatchObject({ delivered: 1 })
        await expect.poll(() => got).toEqual(['second 1'])
      })

      test('a handler may close its own subscription', async () => {
        const publisher = await open()
        const { stub } = await open()
        const got: number[] = []
        const subscription = await stub.counted.subscribe(async (count) => {
          got.push(count)
          await subscription.close()
        })
        for (let count = 1; count <= 5; count++) publisher.stub.counted.emit(count)
        await expect.poll(async () => (await publisher.stub.counted.emit(6)).delivered).toBe(0)
        expect(got).toEqual([1])
      })

      test('row 70: whoever is gone is sent nothing more', async () => {
        const publisher = await open()
        const subscriber = await open()
        const other = await open()
        await subscriber.stub.counted.subscribe(() => {})
        await other.stub.counted.subscribe(() => {})
        expect(await publisher.stub.counted.emit(1)).toMatchObject({ delivered: 2 })
        await subscriber.peer.close()
        await expect.poll(async () => (await publisher.stub.counted.emit(2)).delivered).toBe(1)
      })

      test('a publisher that ends leaves the others', async () => {
        const leaving = await open()
        const staying = await open()
        const { stub } = await open()
        const got: number[] = []
        const subscription = await stub.counted.subscribe((count) => got.push(count))
        expect(subscription.peers).toHaveLength(2)
        leaving.stub.counted.emit(1)
        await leaving.peer.close()
        await expectPeers(subscription, 1)
        await staying.stub.counted.emit(2)
        await expect.poll(() => got).toEqual([1, 2])
      })
    })

    describe('as an iterable', () => {
      test('gives what is emitted from the first next() on, and ends the subscription when it is left', async () => {
        const publisher = await open()
        const { stub } = await open()
        const arriving = stub.counted.subscribe()
        const first = arriving.next()
        await expect.poll(async () => (await publisher.stub.counted.emit(1)).delivered).toBe(1)
        expect((await first).value).toMatchObject({ payload: 1, peer: { id: publisher.peer.id } })
        for (let count = 2; count <= 4; count++) publisher.stub.counted.emit(count)
        const got: number[] = []
        for await (const { payload } of arriving) {
          got.push(payload)
          if (payload === 4) break
        }
        expect(got).toEqual([2, 3, 4])
        await expect.poll(async () => (await publisher.stub.counted.emit(5)).delivered).toBe(0)
        expect(await arriving.next()).toEqual({ done: true, value: undefined })
      })

      test('ends with its signal, and with its peer', async () => {
        const { peer, stub } = await open()
        const controller = new AbortController()
        const signalled = stub.counted.subscribe({ signal: controller.signal }).next()
        const waiting = stub.counted.subscribe().next()
        controller.abort()
        expect(await signalled).toEqual({ done: true, value: undefined })
        await peer.close()
        expect(await waiting).toEqual({ done: true, value: undefined })
        expect(() => stub.counted.subscribe()).toThrow('this peer is closed: make a new one')
        expect(await catchError(stub.counted.subscribe(() => {}))).toMatchObject({ code: 'failed_precondition' })
      })
    })

    describe('a subscription that fails', () => {
      const fail = (count: number): void => {
        if (count % 2 === 1) throw new RangeError(`${count} is odd`)
      }

      test('row 69: gets the next event, and disturbs nobody', async () => {
        const publisher = await open()
        const failing = await open()
        const prompt = await open()
        const got: string[] = []
        await failing.stub.counted.subscribe(async (count) => {
          fail(count)
          got.push(`failing ${count}`)
        })
        await failing.stub.counted.subscribe((count) => got.push(`beside ${count}`))
        await prompt.stub.counted.subscribe((count) => got.push(`prompt ${count}`))
        for (const count of [1, 2, 3]) {
          expect(await publisher.stub.counted.emit(count)).toEqual({ delivered: 2, failed: 0, dropped: 0 })
        }
        await expect.poll(() => got.length).toBe(7)
        expect(got.filter((text) => text.startsWith('beside'))).toEqual(['beside 1', 'beside 2', 'beside 3'])
        expect(got.filter((text) => text.startsWith('prompt'))).toEqual(['prompt 1', 'prompt 2', 'prompt 3'])
        expect(got).toContain('failing 2')
      })

      test('is logged there, and reported at the publisher, with its traceback', async () => {
        const here = collectLog()
        const there = collectLog()
        const publisher = await open({ logger: here.logger })
        const failing = await open({ logger: there.logger })
        await failing.stub.counted.subscribe(fail)
        const failures: { subscriber: { id: string }; sequence: number; error: Error }[] = []
        const hook = publisher.stub.counted.onDeliveryFailure((failure) => failures.push(failure))
        await publisher.stub.counted.emit(1)
        await expect.poll(() => failures.length).toBe(1)
        const [failure] = failures
        expect(failure).toMatchObject({
          subscriber: { id: failing.peer.id, group: failing.peer.group },
          sequence: 1,
          error: { name: 'RangeError', message: '1 is odd' },
        })
        const label = `${failing.peer.group}@${failing.peer.host}:${failing.peer.port}`
        expect(failure?.error.stack).toMatch(
          new RegExp(
            `^RangeError: 1 is odd\n    --- at ${label}, in events.counted ---\n    at fail \\(.*describe-events.ts`,
          ),
        )
        const logged = there.entries.find(({ message }) => message === 'a subscription failed')
        expect(logged).toMatchObject({
          level: 'error',
          tag: 'events.counted',
          publisher: publisher.peer.id,
          sequence: 1,
        })
        expect(here.entries.find(({ message }) => message === 'a subscriber failed')).toMatchObject({
          level: 'warn',
          tag: 'events.counted',
          subscriber: failing.peer.id,
          error: { message: '1 is odd', remote: { errorId: logged?.['errorId'] } },
        })
        hook[Symbol.dispose]()
      })

      test('tells a publisher of another group no more than its rule allows', async () => {
        const publisher = await open({ group: 'elsewhere' })
        const failing = await open()
        await failing.stub.counted.subscribe(
          () => {
            throw new RangeError('a secret')
          },
          { groups: 'elsewhere' },
        )
        const failures: { error: Error }[] = []
        publisher.stub.counted.onDeliveryFailure((failure) => failures.push(failure))
        await publisher.stub.counted.emit(1)
        await expect.poll(() => failures.length).toBe(1)
        expect(failures[0]?.error.name).toBe('NetgenError')
        expect(failures[0]?.error.stack).not.toContain('secret')
        expect(failures[0]?.error.stack).not.toContain('describe-events.ts')
      })

      test('a hook that rejects is logged as one that throws', async () => {
        const { logger, entries } = collectLog()
        const publisher = await open({ logger })
        const failing = await open()
        await failing.stub.counted.subscribe(fail)
        publisher.stub.counted.onDeliveryFailure(async () => {
          throw new RangeError('later')
        })
        publisher.stub.counted.onDeliveryFailure(() => {
          throw new RangeError('at once')
        })
        await publisher.stub.counted.emit(1)
        const failed = 'a hook for failures of delivery failed'
        await expect.poll(() => entries.filter(({ message }) => message === failed)).toHaveLength(2)
        const errors = entries.filter(({ message }) => message === failed).map(({ error }) => error)
        expect(errors).toEqual(expect.arrayContaining([new RangeError('later'), new RangeError('at once')]))
      })

      test.each<[string, (peer: Peer) => unknown]>([
        ['peers that cannot be looked for', (peer) => peer.peers({ groups: 5 as never })],
        ['a schema that is none', (peer) => peer.connect({ secret: 5 } as never)],
      ])('tells another group nothing of what its own use of the peer was refused for: %s', async (_, use) => {
        const publisher = await open({ group: 'elsewhere' })
        const failing = await open()
        await failing.stub.counted.subscribe(() => use(failing.peer), { groups: 'elsewhere' })
        const failures: { error: Error }[] = []
        publisher.stub.counted.onDeliveryFailure((failure) => failures.push(failure))
        await publisher.stub.counted.emit(1)
        await expect.poll(() => failures.length).toBe(1)
        expect(failures[0]?.error.message).toContain(' which tells this caller no more: ')
        expect(failures[0]?.error).toMatchObject({ maybeExecuted: true })
      })

      test('reports ten failures in a second at most, and logs all', async () => {
        const there = collectLog()
        const publisher = await open()
        const failing = await open({ logger: there.logger })
        await failing.stub.counted.subscribe(() => {
          throw new RangeError('always')
        })
        const failures: unknown[] = []
        publisher.stub.counted.onDeliveryFailure((failure) => failures.push(failure))
        for (let count = 0; count < 200; count++) publisher.stub.counted.emit(count)
        await expect
          .poll(() => there.entries.filter(({ message }) => message === 'a subscription failed').length)
          .toBe(200)
        // Two seconds may have begun meanwhile.
        await expect.poll(() => failures.length).toBeGreaterThanOrEqual(10)
        expect(failures.length).toBeLessThanOrEqual(20)
      })
    })

    describe('a subscription that is slow', () => {
      test('row 72: loses its oldest events past a thousand, and is told how many', async () => {
        const there = collectLog()
        const publisher = await open()
        const slow = await open({ logger: there.logger })
        const got: number[] = []
        const gaps: Gap[] = []
        let goOn = (): void => {}
        await slow.stub.counted.subscribe(
          async (count) => {
            got.push(count)
            if (count === 1) await new Promise<void>((resolve) => (goOn = resolve))
          },
          { onGap: (gap) => gaps.push(gap) },
        )
        for (let count = 1; count <= 1_501; count++) publisher.stub.counted.emit(count)
        const overrun = 'a subscription handles events too slowly: its oldest ones are dropped'
        await expect.poll(() => there.entries.some(({ message }) => message === overrun)).toBe(true)
        const last = await publisher.stub.counted.emit(1_502)
        expect(last).toMatchObject({ delivered: 1 })
        await publisher.stub.happened.emit()
        // Whatever comes later is behind it.
        const seen: string[] = []
        await slow.stub.said.subscribe((said) => seen.push(String(said)))
        await publisher.stub.said.emit('all of them')
        await expect.poll(() => seen).toEqual(['all of them'])
        goOn()
        await expect.poll(() => got.length).toBe(1_001)
        expect(got.slice(0, 3)).toEqual([1, 503, 504])
        expect(got.at(-1)).toBe(1_502)
        expect(gaps).toEqual([{ peer: expect.objectContaining({ id: publisher.peer.id }), missed: 501, from: 2 }])
        expect(there.entries).toContainEqual({
          level: 'warn',
          message: 'events were missed',
          tag: 'events.counted',
          peer: publisher.peer.id,
          missed: 501,
          from: 2,
        })
      })

      test('whose onGap rejects is logged as one whose onGap throws', async () => {
        const there = collectLog()
        const publisher = await open()
        const slow = await open({ logger: there.logger })
        const got: number[] = []
        let goOn = (): void => {}
        const onGap = async (): Promise<void> => {
          throw new RangeError('later')
        }
        await slow.stub.counted.subscribe(
          async (count) => {
            got.push(count)
            if (count === 1) await new Promise<void>((resolve) => (goOn = resolve))
          },
          { onGap },
        )
        for (let count = 1; count <= 1_502; count++) publisher.stub.counted.emit(count)
        const overrun = 'a subscription handles events too slowly: its oldest ones are dropped'
        await expect.poll(() => there.entries.some(({ message }) => message === overrun)).toBe(true)
        goOn()
        await expect.poll(() => got.at(-1)).toBe(1_502)
        const failed = there.entries.filter(({ message }) => message === 'the option onGap failed')
        expect(failed[0]).toMatchObject({ level: 'error', tag: 'events.counted', error: new RangeError('later') })
      })

      test('changes nothing for another one of its own peer', async () => {
        const publisher = await open()
        const { stub } = await open()
        const got: number[] = []
        await stub.counted.subscribe(() => never)
        await stub.counted.subscribe((count) => got.push(count))
        for (let count = 0; count < 2_000; count++) publisher.stub.counted.emit(count)
        await expect.poll(() => got).toEqual(Array.from({ length: 2_000 }, (_, count) => count))
      })
    })
  })
}
