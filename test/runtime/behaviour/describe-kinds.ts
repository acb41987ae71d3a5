import { type ConnectionDescriptor, NetgenError, type Peer, type RemotePeer, SkewError } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DiskFullError, type SchemaStub, schema } from '../../../fixtures/behaviour/generated/schema.js'
import { type StreamsStub, streams } from '../../../fixtures/behaviour/generated/streams.js'
import { MAX_CALLS_IN_FLIGHT } from '../../../runtime/wire/limits.js'
import { type Changes, changeOne } from './change-one.js'
import { Handlers } from './handlers.js'
import { catchError, type Harness, silent } from './harness.js'
import { StreamHandlers } from './stream-handlers.js'

const anything = () => true
const isText = Object.assign((value: unknown) => typeof value === 'string', {
  errors: [{ instancePath: '', keyword: 'type', params: { type: 'string' } }],
})

/** Which kinds of failure there are, and how each is told from the others, whatever carries the calls. */
export function describeKinds(name: string, createHarness: () => Promise<Harness>): void {
  describe(`kinds of failure over ${name}`, () => {
    let harness: Harness
    let here: Peer
    let other: Peer
    let there: RemotePeer
    let stub: SchemaStub
    let remote: Handlers
    let label: string

    beforeEach(async () => {
      harness = await createHarness()
      here = await harness.createPeer({ logger: silent })
      other = await harness.createPeer({ logger: silent })
      remote = new Handlers()
      other.connect(schema, remote)
      other.connect(streams, new StreamHandlers())
      stub = here.connect(schema)
      const [found] = await here.peers()
      if (found === undefined) throw new Error('expected the other peer to be found')
      there = found
      label = `${there.group}@${there.host}:${there.port}`
    })
    afterEach(() => harness.close())

    const connect = (connectionName: string, changes: Changes): SchemaStub =>
      here.connect(changeOne(schema, connectionName, changes))
    const connectStreams = (connectionName: string, changes: Changes): StreamsStub =>
      here.connect(changeOne(streams, connectionName, changes))

    /** As many calls as the other peer runs at once, from several peers: one has not so many connections. */
    async function overload(): Promise<unknown> {
      const callers = await Promise.all([1, 2, 3, 4].map(() => harness.createPeer({ logger: silent })))
      const stubs = callers.map((caller) => caller.connect(schema))
      const stop = new AbortController()
      const waiting = Array.from({ length: MAX_CALLS_IN_FLIGHT }, (_, index) =>
        stubs[index % stubs.length]?.wait({ ms: 60_000 }, { peer: there, signal: stop.signal }).catch(() => {}),
      )
      await expect.poll(() => remote.ran.length, { timeout: 20_000 }).toBe(MAX_CALLS_IN_FLIGHT)
      const refused = await catchError(stub.greet({ peer: there }))
      stop.abort()
      await Promise.all(waiting)
      return refused
    }

    const failures: Readonly<Record<string, () => Promise<unknown>>> = {
      declared: () => stub.keep({ id: 'full', body: '' }, { peer: there }),
      defect: () => stub.fail('own', { peer: there }),
      'invalid input': () => connect('add', { checks: { input: anything } }).add('x' as never, { peer: there }),
      'invalid output': () => stub.lie({ peer: there }),
      'unknown tag': () => connect('add', { tag: 'schema.nothing' }).add({ left: 1, right: 2 }, { peer: there }),
      skew: () => connect('add', { digest: 'older', checks: { input: anything } }).add('x' as never, { peer: there }),
      deadline: () => stub.wait({ ms: 60_000 }, { peer: there, timeoutMs: 100 }),
      canceled: () => stub.wait({ ms: 60_000 }, { peer: there, signal: AbortSignal.timeout(100) }),
      overloaded: overload,
      unavailable: async () => {
        await other.close()
        await expect.poll(() => here.peers()).toEqual([])
        return stub.greet({ peer: there })
      },
    }
    const wants: readonly [kind: string, type: unknown, code: string, maybeExecuted: boolean][] = [
      ['declared', DiskFullError, 'failed_precondition', true],
      ['defect', NetgenError, 'unknown', true],
      ['invalid input', NetgenError, 'invalid_argument', false],
      ['invalid output', NetgenError, 'internal', true],
      ['unknown tag', NetgenError, 'unimplemented', false],
      ['skew', SkewError, 'failed_precondition', false],
      ['deadline', NetgenError, 'deadline_exceeded', true],
      ['canceled', NetgenError, 'canceled', true],
      ['overloaded', NetgenError, 'resource_exhausted', false],
      ['unavailable', NetgenError, 'unavailable', false],
    ]

    test.each(wants)('%s', async (kind, type, code, maybeExecuted) => {
      const outcome = await (failures[kind]?.() ?? expect.fail('no such kind')).then(
        (value) => value,
        (error: unknown) => error,
      )
      expect(Object.getPrototypeOf(outcome).constructor).toBe(type)
      expect(outcome).toMatchObject({ code, maybeExecuted })
    })

    test('no two kinds share class and code', () => {
      const signs = wants.map(([, type, code]) => `${(type as { name: string }).name} ${code}`)
      expect(new Set(signs).size).toBe(Object.keys(failures).length)
    })

    const digestOf = (from: { connections: readonly ConnectionDescriptor[] }, connectionName: string): string =>
      from.connections.find((connection) => connection.name === connectionName)?.digest ?? ''

    const skews: Readonly<Record<string, () => { error: Promise<unknown>; problem: string; maybeExecuted: boolean }>> =
      {
        'an input that the callee refuses': () => ({
          error: connect('keep', { digest: 'older', checks: { input: anything } }).keep({ id: 'x' } as never, {
            peer: there,
          }),
          problem: 'input of schema.keep is refused: it lacks "body"',
          maybeExecuted: false,
        }),
        'an output that the caller refuses': () => ({
          error: connect('add', { digest: 'older', checks: { output: isText } }).add(
            { left: 1, right: 2 },
            { peer: there },
          ),
          problem: 'output of schema.add is refused: it is 3, expected a string',
          maybeExecuted: true,
        }),
        'an item that the caller refuses': () => ({
          error: readAll(
            connectStreams('count', { digest: 'older', checks: { output: isText } }).count(
              { many: 2 },
              { peer: there },
            ),
          ),
          problem: 'item 0 of the output of streams.count is refused: it is 0, expected a string',
          maybeExecuted: true,
        }),
      }

    test.each(Object.keys(skews))('skew names the tag, both digests and what did not fit: %s', async (which) => {
      const { error: failing, problem, maybeExecuted } = skews[which]?.() ?? expect.fail('no such skew')
      const error = await catchError(failing)
      const tag = /schema\.\w+|streams\.\w+/.exec(problem)?.[0] ?? ''
      const callee = digestOf(tag.startsWith('schema') ? schema : streams, tag.split('.')[1] ?? '')
      expect(error).toBeInstanceOf(SkewError)
      expect(error).toMatchObject({ name: 'SkewError', code: 'failed_precondition', maybeExecuted })
      expect(error['skew']).toEqual({ tag, caller: 'older', callee })
      expect(error.message).toBe(
        `${problem}; the schema of ${tag} is ${callee} at ${label} and older here: build both peers from the same one`,
      )
      expect(error.stack?.split('\n')[1]).toMatch(/describe-kinds\.ts/)
    })

    test('an output that does not fit is the fault of one side where both have the same schema', async () => {
      const error = await catchError(
        connect('add', { checks: { output: isText } }).add({ left: 1, right: 2 }, { peer: there }),
      )
      expect(error).toMatchObject({
        name: 'NetgenError',
        code: 'internal',
        message: 'output of schema.add is refused: it is 3, expected a string',
      })
    })

    test('only one side means a stream', async () => {
      const asValue = connectStreams('count', { digest: 'older', output: 'value' }) as unknown as {
        count: (input: { many: number }, options: { peer: RemotePeer }) => Promise<unknown>
      }
      const asStream = connect('add', { digest: 'older', output: 'stream' }) as unknown as {
        add: (input: object, options: { peer: RemotePeer }) => AsyncIterable<unknown>
      }
      const errors = [
        await catchError(asValue.count({ many: 2 }, { peer: there })),
        await catchError(readAll(asStream.add({ left: 1, right: 2 }, { peer: there }))),
      ]
      expect(errors.map(({ skew }) => skew)).toEqual([
        { tag: 'streams.count', caller: 'older', callee: digestOf(streams, 'count') },
        { tag: 'schema.add', caller: 'older', callee: digestOf(schema, 'add') },
      ])
    })

    test('a skew between two others is one at the first too', async () => {
      const older = here.connect(changeOne(schema, 'add', { digest: 'older', checks: { input: anything } }))
      const middle = new Handlers()
      middle.greet = () => older.add('x' as never, { peer: there }) as never
      here.connect(schema, middle)
      const first = await harness.createPeer({ logger: silent })
      const error = await catchError(first.connect(schema).greet({ peer: here.id }))
      expect(error).toBeInstanceOf(SkewError)
      expect(error).toMatchObject({ skew: { tag: 'schema.add', caller: 'older', callee: digestOf(schema, 'add') } })
      expect((error['remote'] as { hops: { tag: string }[] }).hops.map(({ tag }) => tag)).toEqual([
        'schema.greet',
        'schema.add',
      ])
    })
  })
}

async function readAll(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}
