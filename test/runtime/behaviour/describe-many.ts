import type { Context, Peer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SchemaStub, schema } from '../../../fixtures/behaviour/generated/schema.js'
import { Handlers } from './handlers.js'
import { catchError, type Harness, silent } from './harness.js'

/** What a peer does with `echo`, once all were asked: it answers with its own name, throws, or waits until it is given up. */
type Role = 'answers' | 'fails' | 'waits'

/** Calls that one, or several, of many peers have to answer, whatever carries them. */
export function describeMany(name: string, createHarness: () => Promise<Harness>): void {
  describe(`calls to many over ${name}`, () => {
    let harness: Harness
    let here: Peer
    let stub: SchemaStub
    /** Why each call that waited was given up. */
    let givenUp: unknown[]
    let asked: number

    beforeEach(async () => {
      harness = await createHarness()
      here = await harness.createPeer({ logger: silent })
      stub = here.connect(schema)
      givenUp = []
      asked = 0
    })
    afterEach(() => harness.close())

    async function start(...roles: Role[]): Promise<Peer[]> {
      const peers: Peer[] = []
      let onAll = (): void => {}
      const all = new Promise<void>((resolve) => {
        onAll = resolve
      })
      for (const role of roles) {
        const peer = await harness.createPeer({ logger: silent })
        const echo = async (_: unknown, { signal }: Context): Promise<string> => {
          if (++asked === roles.length) onAll()
          if (role !== 'waits') await all
          if (role === 'answers') return peer.id
          if (role === 'fails') throw new RangeError(`no room at ${peers.indexOf(peer)}`)
          return new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              givenUp.push(signal.reason)
              reject(signal.reason)
            })
          })
        }
        peer.connect(schema, Object.assign(new Handlers(), { echo }))
        peers.push(peer)
      }
      return peers
    }

    test('the first that succeeds is the answer, and the others are canceled', async () => {
      const [, server] = await start('fails', 'answers', 'waits', 'waits')
      const { peer, value } = await stub.echo.first(null)
      expect([peer.id, value]).toEqual([server?.id, server?.id])
      await expect.poll(() => givenUp).toMatchObject([{ code: 'canceled' }, { code: 'canceled' }])
    })

    test('where all fail, one error names each of them, and has all that came', async () => {
      await start('fails', 'fails')
      const error = await catchError(stub.echo.first(null))
      expect(error).toBeInstanceOf(AggregateError)
      expect(error.message).toMatch(
        /^schema\.echo failed at 2 of 2 peers: default@\S+: RangeError: no room at \d; default@\S+: RangeError: no room at \d$/,
      )
      expect(error).toMatchObject({ results: [{ status: 'rejected' }, { status: 'rejected' }] })
      expect(error['errors']).toMatchObject([{ name: 'RangeError' }, { name: 'RangeError' }])
      expect(error.stack).toContain('describe-many.ts')
    })

    test('a quorum is the first so many that succeed, and the others are canceled', async () => {
      const peers = await start('answers', 'waits', 'answers', 'fails')
      const values = await stub.echo.quorum(null, { count: 2 })
      expect(values.map(({ peer, value }) => peer.id === value).join()).toBe('true,true')
      expect(values.map(({ value }) => value).toSorted()).toEqual([peers[0]?.id, peers[2]?.id].toSorted())
      await expect.poll(() => givenUp).toMatchObject([{ code: 'canceled' }])
    })

    test('a quorum that cannot come together any more fails at once', async () => {
      await start('fails', 'fails', 'waits')
      const error = await catchError(stub.echo.quorum(null, { count: 2 }))
      expect(error).toBeInstanceOf(AggregateError)
      expect(error.message).toMatch(/^schema\.echo failed at 2 of 3 peers, where 2 have to succeed: default@/)
      await expect.poll(() => givenUp).toMatchObject([{ code: 'canceled' }])
    })

    test('with too few peers nothing is sent', async () => {
      const few = await catchError(stub.echo.quorum(null, { count: 2 }))
      expect(few).toMatchObject({
        code: 'unavailable',
        maybeExecuted: false,
        message: 'schema.echo has to succeed at 2 peers, and 0 are there',
      })
      await start('answers')
      expect((await catchError(stub.echo.quorum(null, { count: 2 }))).message).toBe(
        'schema.echo has to succeed at 2 peers, and 1 is there',
      )
      expect((await catchError(stub.echo.first(null, { hubsOnly: true }))).message).toBe(
        'schema.echo has to succeed at 1 peer, and 0 are there',
      )
      expect(asked).toBe(0)
    })

    test('only those are called of whom the options mean, also by what they serve', async () => {
      const [server] = await start('answers')
      await harness.createPeer({ logger: silent })
      await harness.createPeer({ logger: silent, group: 'others' })
      const results = await stub.echo.all(null, { has: stub.echo })
      expect(results.map(({ peer }) => peer.id)).toEqual([server?.id])
      expect((await stub.echo.quorum(null, { count: 1, has: schema })).map(({ value }) => value)).toEqual([server?.id])
    })

    test('whoever gives up hears of that alone, also where one has failed before', async () => {
      await start('fails', 'waits', 'waits')
      const controller = new AbortController()
      const call = catchError(stub.echo.quorum(null, { count: 2, signal: controller.signal }))
      await expect.poll(() => asked, { timeout: 10_000 }).toBe(3)
      // The one that fails has answered when another call of it has.
      const failed = (await here.peers()).map((peer) => stub.greet({ peer }))
      await Promise.all(failed)
      const reason = new Error('changed my mind')
      controller.abort(reason)
      const want = {
        code: 'canceled',
        maybeExecuted: true,
        cause: reason,
        message: 'schema.echo was canceled by its caller',
      }
      expect(await call).toMatchObject(want)
    })

    test('one deadline ends all of it, and so does the signal', async () => {
      await start('waits', 'waits')
      const late = await catchError(stub.echo.first(null, { timeoutMs: 50 }))
      expect(late).toBeInstanceOf(AggregateError)
      expect(late['errors']).toMatchObject([{ code: 'deadline_exceeded' }, { code: 'deadline_exceeded' }])
      const controller = new AbortController()
      const call = catchError(stub.echo.quorum(null, { count: 2, signal: controller.signal }))
      await expect.poll(() => asked, { timeout: 10_000 }).toBe(4)
      controller.abort(new Error('changed my mind'))
      expect(await call).toMatchObject({ code: 'canceled' })
    })

    test.each<[unknown, string]>([
      [{ count: 0 }, 'option "count" of schema.echo is 0, expected a whole number from 1 on'],
      [{ count: 1.5 }, 'option "count" of schema.echo is 1.5, expected a whole number from 1 on'],
      [{}, 'option "count" of schema.echo is undefined, expected a whole number from 1 on'],
      [
        { count: 1, quorum: 2 },
        'option "quorum" of schema.echo is unknown: expected count, groups, hubsOnly, has, timeoutMs, signal',
      ],
    ])('a quorum of %j is refused', async (options, message) => {
      const error = await catchError(stub.echo.quorum(null, options as { count: number }))
      expect(error).toMatchObject({ code: 'invalid_argument', message })
    })

    test('a connection without an input takes the options alone', async () => {
      const [server] = await start('answers')
      expect(await stub.greet.first()).toMatchObject({ peer: { id: server?.id }, value: 'hello' })
      expect(await stub.greet.quorum({ count: 1 })).toMatchObject([{ value: 'hello' }])
    })
  })
}
