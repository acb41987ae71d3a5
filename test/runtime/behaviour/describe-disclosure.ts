import { homedir } from 'node:os'
import { inspect } from 'node:util'
import { type Disclosure, type DisclosureRule, NetgenError, type Peer, type PeerOptions } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LockedError, type Note, type SchemaStub, schema } from '../../../fixtures/behaviour/generated/schema.js'
import { Handlers } from './handlers.js'
import { catchError, type Harness, silent } from './harness.js'
import { recordSentBytes, type SentBytes } from './sent-bytes.js'
import { StreamHandlers } from './stream-handlers.js'
import { failingStreams } from './throws/failing-streams.js'

/** Secrets, by where an error has them. */
const CANARY = {
  message: 'canary-message',
  class: 'CanaryClass',
  data: 'canary-data',
  property: 'canary-property',
  key: 'canaryKey',
  cause: 'canary-cause',
  part: 'canary-part',
  frame: 'canaryFrame',
  output: 9_137_137.5,
  home: `${homedir()}/canary-home`,
  password: 'canary-password',
  query: 'canary-query',
} as const

const tellDeclared: DisclosureRule = (_, { isDeclared }) => (isDeclared ? 'message' : 'none')

class CanaryClass extends Error {
  override name = CANARY.class
}

const FAILURES: Readonly<Record<string, () => unknown>> = {
  plain: function canaryFrame() {
    const cause = Object.assign(new CanaryClass(CANARY.cause), { inner: CANARY.property })
    return Object.assign(new TypeError(CANARY.message, { cause }), { note: CANARY.property, [CANARY.key]: 1 })
  },
  parts: function canaryFrame() {
    return new AggregateError([new Error(CANARY.part), CANARY.part], CANARY.message)
  },
  declared: function canaryFrame() {
    return new LockedError({ by: CANARY.data }, { message: CANARY.message, cause: new Error(CANARY.cause) })
  },
  netgens: () => new NetgenError('not_found', CANARY.message, { cause: new Error(CANARY.cause) }),
  text: () => CANARY.message,
  places: () =>
    Object.assign(new Error(`${CANARY.home}/x https://ada:${CANARY.password}@host/?token=${CANARY.query}`), {
      path: `${CANARY.home}/x`,
      url: new URL(`https://ada:${CANARY.password}@host/`).href,
    }),
}

class Leaky extends Handlers {
  override keep(note: Note): never {
    throw FAILURES[note.id]?.()
  }

  override lie(): number {
    return CANARY.output
  }

  override wait(): never {
    throw FAILURES['declared']?.()
  }

  override async forget(): Promise<void> {
    await this.callWrongly()
  }

  /** A refusal of a call of its own tells of what only this handler knows. */
  async callWrongly(): Promise<void> {
    const own = this.contexts[0]?.peer.connect(schema) as SchemaStub
    await own.add({ left: CANARY.data as unknown as number, right: 1 })
  }
}

/** The same at the end of a stream: the number that it is asked for is that of the failure. */
class LeakyStreams extends StreamHandlers {
  readonly #leaky: Leaky

  constructor(leaky: Leaky) {
    super()
    this.#leaky = leaky
  }

  override async *count({ many }: { many: number }): AsyncGenerator<number> {
    yield 1
    const kind = KINDS[many] ?? ''
    if (kind === 'lie') yield CANARY.output
    if (kind === 'forget') await this.#leaky.callWrongly()
    throw FAILURES[kind]?.()
  }
}

const WAYS = ['a call', 'a stream'] as const

const ALL = Object.keys(CANARY) as (keyof typeof CANARY)[]
/** What a caller may find out, by level and by what failed. */
const ALLOWED: Readonly<Record<Disclosure, Readonly<Record<string, readonly (keyof typeof CANARY)[]>>>> = {
  stack: {
    plain: ['message', 'class', 'property', 'key', 'cause', 'frame'],
    parts: ['message', 'part', 'frame'],
    declared: ['message', 'data', 'cause', 'frame'],
    netgens: ['message', 'cause'],
    text: ['message'],
    places: [],
    lie: ['output'],
    forget: ['data'],
  },
  message: {
    plain: ['message'],
    parts: ['message'],
    declared: ['message', 'data'],
    netgens: ['message'],
    text: ['message'],
    places: [],
    lie: ['output'],
    forget: ['data'],
  },
  none: { plain: [], parts: [], declared: [], netgens: [], text: [], places: [], lie: [], forget: [] },
}

const KINDS = Object.keys(ALLOWED.stack)

/** What callers are told of errors, whatever carries the calls; also where an error ends a stream. */
export function describeDisclosure(name: string, createHarness: () => Promise<Harness>): void {
  describe(`disclosure over ${name}`, () => {
    let harness: Harness
    let sent: SentBytes
    const logged: { level: string; fields: Record<string, unknown> }[] = []

    beforeEach(async () => {
      harness = await createHarness()
      sent = recordSentBytes()
      logged.length = 0
    })
    afterEach(async () => {
      sent.stop()
      await harness.close()
    })

    const log = (level: string) => (_: string, fields: object) => logged.push({ level, fields: { ...fields } })
    const logger = { ...silent, warn: log('warn'), error: log('error') }

    async function serve(options: PeerOptions): Promise<Peer> {
      const peer = await harness.createPeer({ logger, ...options })
      const handlers = new Leaky()
      handlers.contexts.push({ peer } as never)
      peer.connect(schema, handlers)
      peer.connect(failingStreams, new LeakyStreams(handlers))
      return peer
    }

    async function fail(callee: Peer, kind: string, group = callee.group): Promise<Error & Record<string, unknown>> {
      const caller = await harness.createPeer({ logger: silent, group })
      const stub = caller.connect(schema)
      const peer = `${callee.host}:${callee.port}`
      if (kind === 'lie') return catchError(stub.lie({ peer }))
      if (kind === 'forget') return catchError(stub.forget('', { peer }))
      if (kind === 'lock') return catchError(stub.wait({ ms: 1 }, { peer }))
      return catchError(stub.keep({ id: kind, body: '' }, { peer }))
    }

    async function failStream(callee: Peer, kind: string): Promise<Error & Record<string, unknown>> {
      const caller = await harness.createPeer({ logger: silent })
      const items = caller.connect(failingStreams).count({ many: KINDS.indexOf(kind) }, { peer: callee.id })
      expect(await items.next()).toEqual({ done: false, value: 1 })
      return catchError(items.next())
    }

    const findSecrets = (text: string): string[] => ALL.filter((key) => text.includes(String(CANARY[key])))

    const cases = Object.entries(ALLOWED).flatMap(([level, kinds]) =>
      Object.entries(kinds).flatMap(([kind, allowed]) =>
        WAYS.map((way) => [level as Disclosure, kind, way, allowed] as const),
      ),
    )
    test.each(cases)('%s of %s in %s', async (disclosure, kind, way, allowed) => {
      const callee = await serve({ disclosure })
      const error = await (way === 'a call' ? fail(callee, kind) : failStream(callee, kind))
      const { errorId } = error['remote'] as { errorId: string }
      const text = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })
      expect(findSecrets(text).sort()).toEqual([...allowed].sort())
      expect(errorId).toMatch(/^[\w-]{36}$/)
      // Every byte that left either side.
      expect(sent.text.includes(errorId)).toBe(name !== 'memory')
      expect(findSecrets(sent.text).filter((key) => !allowed.includes(key as never))).toEqual([])
      // And the callee has it all.
      const entries = logged.filter(({ fields }) => fields['errorId'] === errorId)
      const isTold = disclosure === 'stack' && kind === 'declared'
      expect(entries).toHaveLength(isTold ? 0 : 1)
    })

    test('none says what kind of failure it was, and where to look', async () => {
      const callee = await serve({ disclosure: 'none' })
      const label = `${callee.group}@${callee.host}:${callee.port}`
      const wants = { plain: 'unknown', declared: 'failed_precondition', netgens: 'not_found', lie: 'internal' }
      for (const [kind, code] of Object.entries(wants)) {
        const error = await fail(callee, kind)
        const { errorId, hops } = error['remote'] as { errorId: string; hops: unknown }
        const tag = `schema.${kind === 'lie' ? 'lie' : 'keep'}`
        expect(error).toBeInstanceOf(NetgenError)
        expect(error).toMatchObject({ name: 'NetgenError', code, maybeExecuted: true })
        expect(error.message).toBe(
          `${tag} failed at ${label}, which tells this caller no more: its log has the error under ${errorId}`,
        )
        expect(hops).toEqual([{ peer: label, tag, frames: [] }])
      }
    })

    test('message keeps the class and the data that are declared', async () => {
      const error = await fail(await serve({ disclosure: 'message' }), 'declared')
      expect(error).toBeInstanceOf(LockedError)
      expect(error).toMatchObject({ data: { by: CANARY.data }, message: CANARY.message })
      expect('cause' in error).toBe(false)
    })

    test('what netgen finds before a handler runs is told to everybody', async () => {
      const callee = await serve({ disclosure: 'none' })
      const caller = await harness.createPeer({ logger: silent, group: 'elsewhere' })
      const [add] = schema.connections
      const older = { ...schema, digest: 'older', connections: [{ ...add, tag: 'schema.nothing' }] } as typeof schema
      const peer = `${callee.host}:${callee.port}`
      const error = await catchError(caller.connect(older).add({ left: 1, right: 2 }, { peer }))
      expect(error).toMatchObject({ code: 'unimplemented', maybeExecuted: false })
      expect(error.message).toMatch(/ has no connection "schema\.nothing": it has /)
    })

    test('by default the group is told everything, and others nothing', async () => {
      const callee = await serve({ group: 'notes' })
      expect((await fail(callee, 'plain')).message).toBe(CANARY.message)
      expect((await fail(callee, 'plain', 'others')).message).toMatch(/^schema\.keep failed at notes@/)
    })

    test('by default others are not told what the schema declares either', async () => {
      const error = await fail(await serve({ group: 'notes' }), 'declared', 'others')
      expect(error.message).toMatch(/^schema\.keep failed at notes@/)
      expect(findSecrets(inspect(error, { depth: 9, showHidden: true }))).toEqual([])
      expect(findSecrets(sent.text)).toEqual([])
    })

    test('a function can tell others what the schema declares, and no more of it', async () => {
      const callee = await serve({ disclosure: tellDeclared })
      const error = await fail(callee, 'declared', 'others')
      expect(error).toBeInstanceOf(LockedError)
      expect(error).toMatchObject({ message: CANARY.message, data: { by: CANARY.data } })
      expect(findSecrets(inspect(error, { depth: 9, showHidden: true })).sort()).toEqual(['data', 'message'])
      expect(findSecrets(sent.text).filter((key) => key !== 'data' && key !== 'message')).toEqual([])
      // Declared by another connection alone, it is a secret of this one's handler.
      const undeclared = await fail(callee, 'lock', 'others')
      expect(undeclared.message).toMatch(/^schema\.wait failed at /)
      expect(findSecrets(inspect(undeclared, { depth: 9, showHidden: true }))).toEqual([])
    })

    test('a function is told what failed, and whether it is declared', async () => {
      const asked: unknown[] = []
      const callee = await serve({
        disclosure: (_, subject) => {
          asked.push(subject)
          return 'message'
        },
      })
      await fail(callee, 'declared')
      await fail(callee, 'lock')
      expect(asked).toMatchObject([
        { tag: 'schema.keep', error: { errorName: 'Locked' }, isDeclared: true },
        { tag: 'schema.wait', error: { errorName: 'Locked' }, isDeclared: false },
      ])
    })

    test('what is exchanged for an error is told as what it is', async () => {
      const callee = await serve({
        disclosure: tellDeclared,
        mapError: (thrown) => (thrown instanceof TypeError ? new LockedError({ by: 'nobody' }) : thrown),
      })
      const mapped = await fail(callee, 'plain', 'others')
      expect(mapped).toBeInstanceOf(LockedError)
      expect(mapped).toMatchObject({ data: { by: 'nobody' } })
      expect((await fail(callee, 'parts', 'others')).message).toMatch(/^schema\.keep failed at /)
    })

    test('a function decides for each caller, and what it gets wrong is none', async () => {
      const asked: unknown[] = []
      const callee = await serve({
        disclosure: (caller) => {
          asked.push(caller?.group)
          if (caller?.group === 'friends') return 'message'
          if (caller?.group === 'wrong') return 'all' as Disclosure
          throw new Error('who is that')
        },
      })
      expect((await fail(callee, 'plain', 'friends')).message).toBe(CANARY.message)
      expect((await fail(callee, 'plain', 'wrong')).message).toMatch(/^schema\.keep failed at /)
      expect((await fail(callee, 'plain', 'strangers')).message).toMatch(/^schema\.keep failed at /)
      expect(asked).toEqual(['friends', 'wrong', 'strangers'])
      expect(logged.filter(({ fields }) => String(fields['error']).includes('who is that'))).toHaveLength(1)
    })

    test('errors are exchanged before they leave, and logged as they were', async () => {
      const leaving: unknown[] = []
      const callee = await serve({
        mapError: (thrown, info) => {
          leaving.push(info)
          if (thrown instanceof TypeError) return new LockedError({ by: 'nobody' })
          if (thrown instanceof AggregateError) throw new Error('a mistake')
          return thrown
        },
      })
      const mapped = await fail(callee, 'plain')
      expect(mapped).toBeInstanceOf(LockedError)
      expect(mapped['data']).toEqual({ by: 'nobody' })
      const { errorId } = mapped['remote'] as { errorId: string }
      expect(leaving).toEqual([
        { tag: 'schema.keep', caller: { id: expect.any(String), group: callee.group }, errorId, disclosure: 'stack' },
      ])
      expect(logged).toMatchObject([{ fields: { errorId, error: { message: CANARY.message } } }])
      expect((await fail(callee, 'parts')).message).toMatch(/^schema\.keep failed at /)
      expect((await fail(callee, 'netgens')).message).toBe(CANARY.message)
    })

    test('an error that passes several peers tells the least that one of them allows', async () => {
      const last = await serve({ group: 'last', disclosure: 'message' })
      const middle = await harness.createPeer({ logger: silent, group: 'middle' })
      const there = `${last.host}:${last.port}`
      const onwards = middle.connect(
        schema,
        Object.assign(new Handlers(), { keep: (note: Note) => onwards.keep(note, { peer: there }) }),
      )
      const error = await fail(middle, 'plain')
      expect(error).toBeInstanceOf(TypeError)
      expect(findSecrets(inspect(error, { depth: 9, showHidden: true }))).toEqual(['message'])
      const hops = (error['remote'] as { hops: { peer: string; frames: unknown[] }[] }).hops
      expect(hops.map(({ peer, frames }) => [peer.split('@')[0], frames.length > 0])).toEqual([
        ['middle', true],
        ['last', false],
      ])
      expect((await fail(middle, 'plain', 'strangers')).message).toMatch(/^schema\.keep failed at middle@/)
      expect(findSecrets(sent.text).filter((key) => key !== 'message')).toEqual([])
    })
  })
}
