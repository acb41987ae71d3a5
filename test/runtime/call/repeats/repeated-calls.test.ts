import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type NamedCall, RepeatedCalls } from '../../../../runtime/call/repeats/repeated-calls.js'
import { Deadlines } from '../../../../runtime/call/scope/deadlines.js'
import type { WireAnswer } from '../../../../runtime/wire/exchange.js'
import { createRefusal } from '../../../../runtime/wire/refusal-record.js'

const caller = { id: 'ada', group: 'notes' }
const name = (callId: string, value: unknown = 1, parts: Partial<NamedCall> = {}): NamedCall => ({
  tag: 'notes.save',
  input: { value },
  caller,
  callId,
  ...parts,
})
const saved: WireAnswer = { ok: true, body: '"saved"' }

/** Calls that are answered when the test says so. */
class Handler {
  readonly ran: NamedCall[] = []
  readonly canceled: NamedCall[] = []
  readonly #answers: ((answer: WireAnswer) => void)[] = []
  #answerNow: WireAnswer | undefined

  readonly serve = (call: NamedCall) => {
    this.ran.push(call)
    const answer = this.#answerNow ?? new Promise<WireAnswer>((resolve) => this.#answers.push(resolve))
    return { answer, cancel: () => void this.canceled.push(call) }
  }

  answer(answer: WireAnswer = saved): void {
    for (const resolve of this.#answers.splice(0)) resolve(answer)
  }

  answerAtOnce(answer: WireAnswer = saved): void {
    this.#answerNow = answer
  }
}

describe('calls that arrive again', () => {
  let deadlines: Deadlines
  let handler: Handler
  let calls: RepeatedCalls

  beforeEach(() => {
    vi.useFakeTimers()
    deadlines = new Deadlines()
    handler = new Handler()
    calls = new RepeatedCalls(handler.serve, deadlines)
  })
  afterEach(() => {
    calls.close()
    deadlines.close()
    vi.useRealTimers()
  })

  test('wait for the answer of the first, or get the one that was kept', async () => {
    const first = calls.serve(name('1'))
    const second = calls.serve(name('1'))
    handler.answer()
    expect(await Promise.all([first.answer, second.answer])).toEqual([saved, saved])
    expect(calls.serve(name('1')).answer).toBe(saved)
    expect(handler.ran).toHaveLength(1)
  })

  test('get the answer of a handler that answers at once', () => {
    handler.answerAtOnce()
    expect([calls.serve(name('1')).answer, calls.serve(name('1')).answer]).toEqual([saved, saved])
    expect(handler.ran).toHaveLength(1)
  })

  test.each<[string, NamedCall]>([
    ['another name', name('2')],
    ['another caller', name('1', 1, { caller: { id: 'bob', group: 'notes' } })],
  ])('run where they have %s', (_, other) => {
    handler.answerAtOnce()
    calls.serve(name('1'))
    calls.serve(other)
    expect(handler.ran).toHaveLength(2)
  })

  const long = 'x'.repeat(1_000)
  test.each<[string, unknown, NamedCall]>([
    ['another input', 1, name('1', 2)],
    ['another long input', `${long}1`, name('1', `${long}2`)],
    ['another tag', 1, name('1', 1, { tag: 'notes.drop' })],
    ['a token that the first had not', 1, name('1', 1, { metadata: { authorization: 'Bearer x' } })],
  ])('are refused where they have %s', async (_, value, other) => {
    const refused = {
      ok: false,
      error: {
        code: 'already_exists',
        maybeExecuted: false,
        message: 'call id "1" was used for another tag, input or metadata: give each call an id of its own',
      },
    }
    const first = calls.serve(name('1', value))
    expect(calls.serve(other).answer).toMatchObject(refused)
    handler.answer()
    await first.answer
    expect(calls.serve(other).answer).toMatchObject(refused)
    expect(handler.ran).toHaveLength(1)
  })

  test('are refused without the token that the first had, and answered with it', () => {
    handler.answerAtOnce()
    const metadata = { authorization: 'Bearer x' }
    calls.serve(name('1', 1, { metadata }))
    expect(calls.serve(name('1')).answer).toMatchObject({ ok: false, error: { code: 'already_exists' } })
    expect(calls.serve(name('1', 1, { metadata: { ...metadata } })).answer).toBe(saved)
    expect(handler.ran).toHaveLength(1)
  })

  test('get the flag that the first ended with', () => {
    const flagged: WireAnswer = { ok: false, flag: { tag: 'notes.quotaReached', data: '{"limit":5}' } }
    handler.answerAtOnce(flagged)
    calls.serve(name('1'))
    expect(calls.serve(name('1')).answer).toBe(flagged)
    expect(handler.ran).toHaveLength(1)
  })

  test('run where the first was refused before its handler ran, and not where that failed', async () => {
    handler.answerAtOnce({ ok: false, error: createRefusal('resource_exhausted', 'too much') })
    calls.serve(name('1'))
    handler.answerAtOnce({ ok: false, error: { ...createRefusal('internal', 'broken'), maybeExecuted: true } })
    expect(calls.serve(name('1')).answer).toMatchObject({ error: { message: 'broken' } })
    expect(calls.serve(name('1')).answer).toMatchObject({ error: { message: 'broken' } })
    expect(handler.ran).toHaveLength(2)
  })

  test('are canceled when nobody waits any more', () => {
    const [first, second] = [calls.serve(name('1')), calls.serve(name('1'))]
    first.cancel()
    first.cancel()
    expect(handler.canceled).toEqual([])
    second.cancel()
    expect(handler.canceled).toHaveLength(1)
  })

  test('may come for 2 seconds after their caller was lost', () => {
    calls.serve(name('1')).cancel(true)
    vi.advanceTimersByTime(1_999)
    const repeat = calls.serve(name('1'))
    vi.advanceTimersByTime(60_000)
    expect(handler.canceled).toEqual([])
    repeat.cancel(true)
    vi.advanceTimersByTime(2_000)
    expect(handler.canceled).toHaveLength(1)
    expect(handler.ran).toHaveLength(1)
  })

  test('are known for 2 minutes after the answer', () => {
    handler.answerAtOnce()
    calls.serve(name('1'))
    vi.advanceTimersByTime(119_999)
    calls.serve(name('1'))
    expect(handler.ran).toHaveLength(1)
    vi.advanceTimersByTime(1)
    calls.serve(name('1'))
    expect(handler.ran).toHaveLength(2)
  })

  test('are known until 10,000 others were answered', () => {
    handler.answerAtOnce()
    for (let id = 0; id < 10_000; id++) calls.serve(name(`${id}`))
    calls.serve(name('0'))
    expect(handler.ran).toHaveLength(10_000)
    calls.serve(name('10000'))
    calls.serve(name('0'))
    expect(handler.ran).toHaveLength(10_002)
  })

  test('are known as long as the answers have 16 MiB together', () => {
    handler.answerAtOnce({ ok: true, body: JSON.stringify('x'.repeat(4 * 1024 * 1024)) })
    for (const id of ['1', '2', '3', '3', '4', '1']) calls.serve(name(id))
    expect(handler.ran.map(({ callId }) => callId)).toEqual(['1', '2', '3', '4', '1'])
  })

  test('leave no timer that keeps the process alive', () => {
    handler.answerAtOnce()
    calls.serve(name('1'))
    vi.advanceTimersByTime(240_000)
    expect(vi.getTimerCount()).toBe(0)
  })
})

type Step = { readonly does: 'arrive' | 'answer' | 'lose'; readonly id: number }

const steps = fc.array(
  fc.record<Step>({ does: fc.constantFrom('arrive', 'arrive', 'answer', 'lose'), id: fc.nat(3) }),
  { maxLength: 60 },
)

test('in whatever order they come, a handler runs once, and all get its answer', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const deadlines = new Deadlines()
      const runs = new Map<string, number>()
      const waiting = new Map<string, () => void>()
      const calls = new RepeatedCalls(({ callId }) => {
        const run = (runs.get(callId) ?? 0) + 1
        runs.set(callId, run)
        const body = JSON.stringify(`${callId}, run ${run}`)
        const answer = new Promise<WireAnswer>((resolve) => waiting.set(callId, () => resolve({ ok: true, body })))
        return { answer, cancel: () => {} }
      }, deadlines)
      const arrived: { id: string; served: ReturnType<RepeatedCalls['serve']> }[] = []
      for (const { does, id } of sequence) {
        const callId = `${id}`
        if (does === 'arrive') arrived.push({ id: callId, served: calls.serve(name(callId)) })
        else if (does === 'answer') waiting.get(callId)?.()
        else arrived.findLast((call) => call.id === callId)?.served.cancel(true)
        await Promise.resolve()
      }
      for (const answer of waiting.values()) answer()
      const answers = await Promise.all(arrived.map(({ served }) => served.answer))
      expect(answers).toEqual(arrived.map(({ id }) => ({ ok: true, body: `"${id}, run 1"` })))
      calls.close()
      deadlines.close()
    }),
  )
})
