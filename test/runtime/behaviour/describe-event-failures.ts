import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  DeclaredError,
  type DeliveryFailure,
  type Disclosure,
  formatTraceback,
  NetgenError,
  type Peer,
  SkewError,
} from 'netgen/runtime'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type EventsStub, events } from '../../../fixtures/behaviour/generated/events.js'
import { schema } from '../../../fixtures/behaviour/generated/schema.js'
import { MAX_REPORTS_PER_SECOND } from '../../../runtime/events/rate-limits.js'
import { Handlers } from './handlers.js'
import { type Harness, silent } from './harness.js'
import { recordSentBytes } from './sent-bytes.js'
import { type CaughtError, expectTold, listForbidden } from './throws/expect-told.js'
import { normaliseTraceback } from './throws/normalise-traceback.js'
import { THROWN, type Thrown } from './throws/thrown.js'

const LEVELS: readonly Disclosure[] = ['stack', 'message', 'none']

/** What a publisher is told of whatever a subscriber's handler throws, at each level of disclosure. */
export function describeEventFailures(name: string, createHarness: () => Promise<Harness>): void {
  describe.each(LEVELS)(`what a subscriber throws, told as %s over ${name}`, (level) => {
    let harness: Harness
    let sent = ''
    const errors = new Map<number, CaughtError>()

    beforeAll(async () => {
      harness = await createHarness()
      const bytes = recordSentBytes()
      const publisher = (await harness.createPeer({ logger: silent })).connect(events).counted
      publisher.onDeliveryFailure(({ sequence, error }) => errors.set(sequence - 1, error as CaughtError))
      // Each subscriber reports so many in a second, and no more.
      for (let first = 0; first < THROWN.length; first += MAX_REPORTS_PER_SECOND) {
        const subscriber = await harness.createPeer({ logger: silent, disclosure: level })
        await subscriber.connect(events).counted.subscribe(function keep(index) {
          if (index >= first && index < first + MAX_REPORTS_PER_SECOND) throw THROWN[index]?.create()
        })
      }
      for (let index = 0; index < THROWN.length; index++) publisher.emit(index)
      await vi.waitFor(() => expect(errors.size).toBe(THROWN.length), 20_000)
      bytes.stop()
      sent = bytes.text
    })
    afterAll(() => harness.close())

    const cases = THROWN.map((thrown, index) => [thrown.name, thrown, index] as const)

    test.each(cases)('%s', (_, thrown, index) => {
      const error = errors.get(index) ?? expect.fail('nothing was told')
      expect(error).toMatchObject({ maybeExecuted: true, remote: { tag: 'events.counted' } })
      expect((error['remote'] as { errorId: string }).errorId).toMatch(/^[\w-]{36}$/)
      expectTold(level, error, asUndeclared(thrown))
      // Every byte that left either side.
      expect(listForbidden(level, thrown).filter((text) => sent.includes(text) && !CODES.has(text))).toEqual([])
    })

    if (level !== 'none')
      test('reads as what a call throws', () => {
        const wants = readPrinted(level)
        const texts = cases.map(([kind, , index]) => {
          const text = withoutCaller(normaliseTraceback(formatTraceback(errors.get(index))))
          return [kind, text] as const
        })
        // Of declared errors, which an event has none of, calls tell the data too.
        const alike = texts.filter(([kind]) => !wants.get(kind)?.includes('errorName'))
        expect(alike.length).toBeGreaterThan(60)
        for (const [kind, text] of alike) expect([kind, text]).toEqual([kind, wants.get(kind)])
      })
  })

  describe(`a failure of a subscriber over ${name}`, () => {
    let harness: Harness

    beforeEach(async () => {
      harness = await createHarness()
    })
    afterEach(() => harness.close())

    async function fail(
      publisher: Peer,
      subscriber: { counted: EventsStub['counted'] },
      handler: (count: number) => unknown = () => {},
    ): Promise<DeliveryFailure> {
      const { counted } = publisher.connect(events)
      const told = new Promise<DeliveryFailure>((resolve) => void counted.onDeliveryFailure(resolve))
      const subscription = await subscriber.counted.subscribe(handler)
      await expect.poll(() => subscription.peers.map(({ id }) => id)).toContain(publisher.id)
      await counted.emit(1)
      return told
    }

    test('that passed another peer before has the labels of both', async () => {
      const publisher = await harness.createPeer({ logger: silent })
      const subscriber = await harness.createPeer({ logger: silent })
      const there = await harness.createPeer({ logger: silent })
      there.connect(schema, new Handlers())
      const { counted } = subscriber.connect(events)
      const stub = subscriber.connect(schema)
      const { error } = await fail(publisher, { counted }, () => stub.fail('cause', { peer: there.id }))
      const labels = [subscriber, there].map(({ group, host, port }) => `${group}@${host}:${port}`)
      expect(error).toBeInstanceOf(RangeError)
      expect(error.stack?.match(/--- at .*/g)).toEqual([
        `--- at ${labels[0]}, in events.counted ---`,
        `--- at ${labels[1]}, in schema.fail ---`,
      ])
      expect(error.cause).toBeInstanceOf(SyntaxError)
    })

    test('is one of skew where the two have different schemas of the event', async () => {
      const publisher = await harness.createPeer({ logger: silent })
      const subscriber = await harness.createPeer({ logger: silent })
      const changed = events.events.map((event) => ({
        ...event,
        digest: 'older',
        load: async () => ({ ...(await event.load()), payload: isText }),
      }))
      const { counted } = subscriber.connect({ ...events, digest: 'older', events: changed })
      const { error } = await fail(publisher, { counted })
      const caller = events.events.find(({ tag }) => tag === 'events.counted')?.digest
      const label = `${subscriber.group}@${subscriber.host}:${subscriber.port}`
      expect(error).toBeInstanceOf(SkewError)
      expect(error).toMatchObject({
        code: 'failed_precondition',
        maybeExecuted: false,
        skew: { tag: 'events.counted', caller, callee: 'older' },
        message: `payload of events.counted is refused: it is 1, expected a string; the schema of events.counted is older at ${label} and ${caller} here: build both peers from the same one`,
      })
    })
  })
}

const isText = Object.assign((value: unknown) => typeof value === 'string', {
  errors: [{ instancePath: '', keyword: 'type', params: { type: 'string' } }],
})

/** An event declares no errors: the data of one are no part of what it becomes. */
function asUndeclared(thrown: Thrown): Thrown {
  const has = withoutData(thrown.has ?? {}) as object
  return thrown.type.prototype instanceof DeclaredError ? { ...thrown, type: NetgenError, has } : { ...thrown, has }
}

function withoutData(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutData)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => key !== 'data' && key !== 'errorName')
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutData(item)]))
}

/** Codes are told at every level, and all failures are in the same bytes. */
const CODES: ReadonlySet<unknown> = new Set(THROWN.map(({ code }) => code))

/** What is printed of calls, by what was thrown. */
function readPrinted(level: Disclosure): Map<string, string> {
  const text = readFileSync(fileURLToPath(new URL(`throws/printed.${level}.txt`, import.meta.url)), 'utf8')
  return new Map(
    text.split(/^# /m).map((part) => {
      const [kind = '', ...lines] = part.split('\n')
      return [kind, withoutCaller(lines.join('\n'))]
    }),
  )
}

/** Nobody calls a subscriber: of a call's text, without the lines that called, and with what both name alike. */
function withoutCaller(text: string): string {
  return text
    .trimEnd()
    .replace(/^ {4}at (?:call )?test\/runtime\/behaviour\/describe-throws\.ts\n(?= {4}at| {4}---)/gm, '')
    .replace(/schema\.keep|events\.counted/g, 'TAG')
    .replace(/\bat \S+ test\/runtime\/behaviour\/describe-[\w-]+\.ts/g, 'at HANDLER')
}
