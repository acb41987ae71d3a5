import { describe, expect, test } from 'vitest'
import { DeclaredError, type DeclaredErrorOptions } from '../../../runtime/errors/declared-error.js'
import { createHidePlaces } from '../../../runtime/errors/hide-places.js'
import type { Remote } from '../../../runtime/errors/remote.js'
import { refuseUnserved } from '../../../runtime/errors/unserved.js'
import { decodeJson } from '../../../runtime/wire/decode-json.js'
import { keepData } from '../../../runtime/wire/describe-class.js'
import { describeError, type Failure } from '../../../runtime/wire/describe-error.js'
import type { ErrorRecord } from '../../../runtime/wire/error-record.js'
import { MAX_ANSWER_BYTES } from '../../../runtime/wire/limits.js'
import { readErrorRecord } from '../../../runtime/wire/read-error-record.js'
import { type DeclaredErrors, reviveError } from '../../../runtime/wire/revive-error.js'

class DiskFullError extends DeclaredError<'DiskFull', { freeBytes: number }> {
  static readonly errorName = 'DiskFull'
  constructor(data: { freeBytes: number }, options?: DeclaredErrorOptions) {
    super('DiskFull', data, options)
  }
}

class CustomError extends TypeError {
  override name = 'CustomError'
}

const declared: DeclaredErrors = {
  encodeData: (_name, data) => data,
  create: (name, data, options) =>
    name === 'DiskFull' && Number.isInteger((data as { freeBytes?: unknown })?.freeBytes)
      ? new DiskFullError(data as never, options)
      : undefined,
}

const failure: Failure = {
  peer: 'notes@127.0.0.1:3011',
  tag: 'schema.save',
  errorId: 'id-1',
  isOwn: false,
  maybeExecuted: true,
  disclosure: 'stack',
  root: 'digest',
  hidePlaces: createHidePlaces(process.cwd()),
  encodeData: keepData,
}

function write(thrown: unknown): ErrorRecord {
  const record = readErrorRecord(decodeJson(JSON.stringify(describeError(thrown, failure))))
  if (record === undefined) throw new Error('expected a record that can be read')
  return record
}

function roundTrip(thrown: unknown): Error {
  const record = write(thrown)
  return reviveError(record, { stack: 'at save (/app/caller.ts:1:2)' }, failure, declared)
}

describe('the tags that are told where one is not served', () => {
  const ask = (has: readonly string[]): ErrorRecord => {
    const thrown = refuseUnserved('no such tag', { peer: 'notes', asked: 'notes.x', has })
    const text = JSON.stringify(describeError(thrown, { ...failure, isOwn: true }))
    expect(Buffer.byteLength(text)).toBeLessThan(24 * 1024)
    return readErrorRecord(decodeJson(text)) ?? expect.fail('expected a record that can be read')
  }

  test.each<[string, readonly string[], number]>([
    ['few, all of them', ['notes.list', 'notes.save'], 2],
    ['as many as are read', Array.from({ length: 1_200 }, (_, index) => `n.${index}`), 1_000],
    ['those that 16 KiB hold', Array.from({ length: 900 }, (_, index) => `ä.${index}`.padEnd(97, 'ä')), 84],
  ])('are %s', (_, has, told) => {
    const { unserved, cuts } = ask(has)
    expect(unserved).toEqual({ peer: 'notes', asked: 'notes.x', has: has.slice(0, told) })
    expect(cuts).toEqual(
      told === has.length ? undefined : [`/unserved/has: ${has.length - told} of them were too many`],
    )
  })
})

test('a tag that was called takes no more of an answer than it may, however long it is', () => {
  const tag = 'ä'.repeat(500_000)
  const thrown = refuseUnserved('no such tag', { peer: 'notes', asked: tag, has: [] })
  for (const disclosure of ['stack', 'message', 'none'] as const) {
    for (const isOwn of [true, false]) {
      const text = JSON.stringify(describeError(thrown, { ...failure, tag, isOwn, disclosure }))
      expect(Buffer.byteLength(text)).toBeLessThan(4 * 1024)
      expect(readErrorRecord(decodeJson(text))?.hops[0]?.tag).toBe(`${'ä'.repeat(499)}…`)
    }
  }
  const asked = describeError(thrown, { ...failure, isOwn: true }).unserved?.asked
  expect(asked).toBe(`${'ä'.repeat(499)}…`)
})

describe('an error that passes a second peer', () => {
  const pass = (thrown: unknown) => roundTrip(roundTrip(thrown)) as Error & { remote: Remote }

  test('keeps its class and has both hops', () => {
    const error = pass(new RangeError('x'))
    expect(error).toBeInstanceOf(RangeError)
    expect(error.remote.hops).toHaveLength(2)
  })

  test('keeps the name of a class that nobody on the way knows, and the code that it had', () => {
    const error = pass(Object.assign(new CustomError('x'), { code: 'E_CUSTOM', status: 7 }))
    expect(error).toMatchObject({ name: 'CustomError', code: 'unknown', status: 7 })
    expect(error.remote.properties).toEqual({ code: 'E_CUSTOM', status: 7 })
  })

  test('keeps the frames of its causes where they were', () => {
    const error = pass(new Error('outer', { cause: new TypeError('inner') }))
    const cause = error.cause as Error & { remote: Remote }
    expect(cause.remote.hops).toHaveLength(1)
    expect(cause.remote.hops[0]?.frames[0]?.file).toBe('test/runtime/wire/error-round-trip.test.ts')
  })

  test('keeps the first and the last of a hundred hops', () => {
    let error = roundTrip(new Error('x')) as Error & { remote: Remote }
    for (let hop = 1; hop < 100; hop++) error = roundTrip(error) as typeof error
    expect(error.remote.hops).toHaveLength(16)
    expect(error.remote.hops.at(-1)?.frames[0]?.file).toBe('test/runtime/wire/error-round-trip.test.ts')
    expect(error.remote.cuts).toEqual(['/hops: 1 peers between the first and the last'])
  })
})

test('no error is longer than an answer may be', () => {
  const text = '\u0001'.repeat(100_000)
  const stack = Array.from({ length: 100 }, (_, line) => `at ${text.slice(0, 400)} (/${text.slice(0, 400)}:${line}:1)`)
  const parts = Array.from({ length: 100 }, () => Object.assign(new Error(text), { stack: stack.join('\n'), text }))
  const data = { text: 'x'.repeat(900_000) }
  const error = new AggregateError(parts, text, { cause: new DiskFullError(data as never) })
  expect(JSON.stringify(describeError(error, failure)).length).toBeLessThan(MAX_ANSWER_BYTES)
})

describe('causes and parts', () => {
  const chain = (length: number): Error => {
    let error = new Error('0')
    for (let index = 1; index < length; index++) error = new Error(String(index), { cause: error })
    return error
  }
  const readChain = (error: Error): string[] => {
    const messages: string[] = []
    for (let at: unknown = error; at instanceof Error; at = at.cause) messages.push(at.message)
    return messages
  }

  test('a cause arrives as its own class, without any caller of its own', () => {
    const error = roundTrip(new Error('outer', { cause: new DiskFullError({ freeBytes: 1 }) }))
    expect(error.cause).toBeInstanceOf(DiskFullError)
    const stack = /^DiskFullError: DiskFull\n {4}--- at notes@127\.0\.0\.1:3011, in schema\.save ---\n {4}at /
    expect((error.cause as Error).stack).toMatch(stack)
    expect(Object.keys(error)).toEqual([])
  })

  test.each<[string, unknown, string]>([
    ['null', null, 'null was thrown, which is no Error'],
    ['a text', 'why', '"why" was thrown, which is no Error'],
    ['0', 0, '0 was thrown, which is no Error'],
  ])('a cause that is no error becomes one: %s', (_, cause, message) => {
    expect((roundTrip(new Error('x', { cause })).cause as Error).message).toBe(message)
  })

  test('eight of a long chain arrive, and how many more there were', () => {
    const end = (more: number) =>
      `${more} more causes were cut: an error takes 31 others along, 8 of them inside each other`
    expect(readChain(roundTrip(chain(9)))).toEqual(['8', '7', '6', '5', '4', '3', '2', '1', '0'])
    expect(readChain(roundTrip(chain(100))).slice(-3)).toEqual(['92', '91', end(91)])
    expect(readChain(roundTrip(chain(20_000))).at(-1)).toMatch(/^over 10000 more causes were cut: /)
  })

  test('a cycle stays a cycle', () => {
    const first = new Error('first')
    first.cause = new Error('second', { cause: first })
    const error = roundTrip(first)
    expect((error.cause as Error).message).toBe('second')
    expect((error.cause as Error).cause).toBe(error)
  })

  test('one error in several places is one error again', () => {
    const part = new Error('part')
    const error = roundTrip(
      new AggregateError([part, new Error('x', { cause: part })], '', { cause: part }),
    ) as AggregateError
    expect(error.errors[0]).toBe(error.cause)
    expect(error.errors[1].cause).toBe(error.cause)
  })

  test('the parts of an AggregateError arrive as their own classes, at most 31', () => {
    const parts = [new TypeError('a'), 'b', new DiskFullError({ freeBytes: 1 })]
    const error = roundTrip(new AggregateError(parts, 'all failed', { cause: new Error('why') })) as AggregateError
    expect(error).toBeInstanceOf(AggregateError)
    expect(error.cause).toMatchObject({ message: 'why' })
    expect(error.errors.map(String)).toEqual([
      'TypeError: a',
      'Error: "b" was thrown, which is no Error',
      'DiskFullError: DiskFull',
    ])
    const many = roundTrip(new AggregateError(Array.from({ length: 1_000 }, () => new Error('x')))) as AggregateError
    expect(many.errors).toHaveLength(32)
    expect(many.errors[31].message).toMatch(/^969 more parts were cut: /)
  })

  test('an AggregateError that holds itself does again', () => {
    const error = new AggregateError([], 'self')
    error.errors.push(error, error)
    const revived = roundTrip(error) as AggregateError
    expect(revived.errors).toEqual([revived, revived])
  })
})
