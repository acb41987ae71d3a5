import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { DeclaredError, type DeclaredErrorOptions } from '../../../runtime/errors/declared-error.js'
import { NetgenError } from '../../../runtime/errors/netgen-error.js'
import { refuse } from '../../../runtime/errors/refuse.js'
import { decodeJson } from '../../../runtime/wire/decode-json.js'
import { describeError } from '../../../runtime/wire/describe-error.js'
import type { ErrorRecord } from '../../../runtime/wire/error-record.js'
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

const failure = { peer: 'notes@127.0.0.1:3011', tag: 'schema.save', errorId: 'id-1', maybeExecuted: true }

function write(thrown: unknown): ErrorRecord {
  const record = readErrorRecord(decodeJson(JSON.stringify(describeError(thrown, failure))))
  if (record === undefined) throw new Error('expected a record that can be read')
  return record
}

function roundTrip(thrown: unknown): Error {
  const record = write(thrown)
  return reviveError(record, { stack: 'at save (/app/caller.ts:1:2)' }, failure, declared)
}

const raise = (): never => expect.fail('as meant')
const withGetter = (key: string): Error => Object.defineProperty(new Error('text'), key, { get: raise })
const withValue = (key: string, value: unknown): Error => Object.defineProperty(new Error('text'), key, { value })
const trapped = new Proxy(new Error('text'), { get: raise, has: raise, getPrototypeOf: raise, ownKeys: raise })
const { proxy: revoked, revoke } = Proxy.revocable(new Error('text'), {})
revoke()

interface Case {
  readonly name: string
  readonly thrown: unknown
  readonly want: { readonly type: unknown; readonly name: string; readonly message: string; readonly code?: string }
}

const other = (name: string, message: string): Case['want'] => ({ type: NetgenError, name, message, code: 'unknown' })
const nothing = (text: string): Case['want'] => other('Error', `${text} was thrown, which is no Error`)

const CASES: readonly Case[] = [
  { name: 'Error', thrown: new Error('text'), want: { type: Error, name: 'Error', message: 'text' } },
  { name: 'TypeError', thrown: new TypeError('x'), want: { type: TypeError, name: 'TypeError', message: 'x' } },
  { name: 'RangeError', thrown: new RangeError(''), want: { type: RangeError, name: 'RangeError', message: '' } },
  { name: 'a subclass', thrown: new CustomError('x'), want: other('CustomError', 'x') },
  { name: 'another realm', thrown: runInNewContext('new TypeError("x")'), want: other('TypeError', 'x') },
  {
    name: 'a declared error',
    thrown: new DiskFullError({ freeBytes: 3 }, { message: 'full' }),
    want: { type: DiskFullError, name: 'DiskFullError', message: 'full', code: 'failed_precondition' },
  },
  {
    name: 'a declared error whose data does not fit',
    thrown: new DiskFullError({ freeBytes: 0.5 }),
    want: { type: NetgenError, name: 'DiskFullError', message: 'DiskFull', code: 'failed_precondition' },
  },
  {
    name: 'a declared error whose data cannot travel',
    thrown: new DiskFullError({ freeBytes: Number.NaN }),
    want: { type: NetgenError, name: 'DiskFullError', message: 'DiskFull', code: 'failed_precondition' },
  },
  {
    name: 'a declared error whose data throws',
    thrown: new DiskFullError(Object.defineProperty({ freeBytes: 1 }, 'freeBytes', { get: raise, enumerable: true })),
    want: { type: NetgenError, name: 'DiskFullError', message: 'DiskFull', code: 'failed_precondition' },
  },
  {
    name: 'a refusal',
    thrown: refuse('not_found', 'no such peer'),
    want: { type: NetgenError, name: 'NetgenError', message: 'no such peer', code: 'not_found' },
  },
  {
    name: 'a code outside the set',
    thrown: Object.assign(refuse('aborted', 'x'), { code: 'gone' }),
    want: { type: NetgenError, name: 'NetgenError', message: 'x', code: 'unknown' },
  },
  { name: '1', thrown: 1, want: nothing('1') },
  { name: 'null', thrown: null, want: nothing('null') },
  { name: 'undefined', thrown: undefined, want: nothing('undefined') },
  { name: 'a text', thrown: 'no', want: nothing('"no"') },
  { name: 'a symbol', thrown: Symbol('no'), want: nothing('a symbol') },
  { name: 'a function', thrown: () => 1, want: nothing('a function') },
  { name: 'an object', thrown: { message: 'x' }, want: nothing('{"message":"x"}') },
  { name: 'a revoked proxy', thrown: revoked, want: nothing('a value that JSON cannot hold') },
  { name: 'a proxy whose traps throw', thrown: trapped, want: nothing('a value that JSON cannot hold') },
  { name: 'a proxy', thrown: new Proxy(new Error('text'), {}), want: { type: Error, name: 'Error', message: 'text' } },
  { name: 'a frozen error', thrown: Object.freeze(new Error('x')), want: { type: Error, name: 'Error', message: 'x' } },
  {
    name: 'a message that is no text',
    thrown: withValue('message', { a: 1 }),
    want: { type: Error, name: 'Error', message: '{"a":1}' },
  },
  {
    name: 'a name that is no text',
    thrown: withValue('name', 5),
    want: { type: Error, name: 'Error', message: 'text' },
  },
  {
    name: 'a stack that is no text',
    thrown: withValue('stack', 5),
    want: { type: Error, name: 'Error', message: 'text' },
  },
  {
    name: 'a remote that is none',
    thrown: withValue('remote', 5),
    want: { type: Error, name: 'Error', message: 'text' },
  },
  {
    name: 'a getter for message',
    thrown: withGetter('message'),
    want: { type: Error, name: 'Error', message: 'undefined' },
  },
  { name: 'a getter for stack', thrown: withGetter('stack'), want: { type: Error, name: 'Error', message: 'text' } },
  { name: 'a getter for cause', thrown: withGetter('cause'), want: { type: Error, name: 'Error', message: 'text' } },
  { name: 'a getter for remote', thrown: withGetter('remote'), want: { type: Error, name: 'Error', message: 'text' } },
  { name: 'a getter for name', thrown: withGetter('name'), want: { type: Error, name: 'Error', message: 'text' } },
  {
    name: 'a file URL of another host',
    thrown: withValue('stack', 'Error: text\n    at f (file://host/x.js:1:1)\n    at g (file:///a%2Fb.js:1:1)'),
    want: { type: Error, name: 'Error', message: 'text' },
  },
  {
    name: 'controls',
    thrown: new TypeError('\u001b[31mred\u202e\r\n'),
    want: { type: TypeError, name: 'TypeError', message: '[31mred\n' },
  },
]

describe('whatever is thrown arrives as an error', () => {
  test.each(CASES)('$name', ({ thrown, want }) => {
    const error = roundTrip(thrown)
    expect(error).toBeInstanceOf(want.type)
    expect([error.name, error.message]).toEqual([want.name, want.message])
    expect((error as { code?: unknown }).code).toBe(want.code)
    expect((error as { maybeExecuted?: unknown }).maybeExecuted).toBe(true)
    expect(error.stack?.split('\n').slice(error.message.split('\n').length)[0]).toBe('    at save (/app/caller.ts:1:2)')
  })

  test('data arrives, and only what JSON holds of it', () => {
    expect(roundTrip(new DiskFullError({ freeBytes: 3 }))).toMatchObject({ data: { freeBytes: 3 } })
  })

  test('1 MB of message is cut, and says so', () => {
    const { message } = roundTrip(new Error('x'.repeat(1_000_000)))
    expect(message).toBe(`${'x'.repeat(16_384)}… (983616 more characters were cut)`)
  })

  test('an error that passes a second peer keeps its class and has both hops', () => {
    const second = roundTrip(roundTrip(new RangeError('x')))
    expect(second).toBeInstanceOf(RangeError)
    expect((second as Error & { remote: { hops: unknown[] } }).remote.hops).toHaveLength(2)
  })
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
    expect((error.cause as Error).stack).toBe('DiskFullError: DiskFull')
    expect(Object.keys(error)).toEqual([])
  })

  test.each<[string, unknown, string]>([
    ['null', null, 'null was thrown, which is no Error'],
    ['a text', 'why', '"why" was thrown, which is no Error'],
    ['0', 0, '0 was thrown, which is no Error'],
  ])('a cause that is no error becomes one: %s', (_, cause, message) => {
    expect((roundTrip(new Error('x', { cause })).cause as Error).message).toBe(message)
  })

  test('eight of a long chain arrive', () => {
    expect(readChain(roundTrip(chain(8)))).toEqual(['7', '6', '5', '4', '3', '2', '1', '0'])
    expect(readChain(roundTrip(chain(100)))).toEqual(['99', '98', '97', '96', '95', '94', '93', '92'])
  })

  test('a chain that holds itself ends', () => {
    const first = new Error('first')
    const second = new Error('second', { cause: first })
    first.cause = second
    expect(readChain(roundTrip(first)).slice(0, 3)).toEqual(['first', 'second', 'first'])
    expect(readChain(roundTrip(first))).toHaveLength(8)
  })

  test('the parts of an AggregateError arrive as their own classes, at most seven', () => {
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
    expect(many.errors).toHaveLength(7)
  })

  test('an AggregateError that holds itself ends', () => {
    const error = new AggregateError([], 'self')
    error.errors.push(error, error)
    expect(roundTrip(error)).toBeInstanceOf(AggregateError)
  })
})
