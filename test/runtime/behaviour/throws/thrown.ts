import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { DeclaredError, NetgenError } from 'netgen/runtime'
import { expect } from 'vitest'
import { DiskFullError, LockedError } from '../../../../fixtures/behaviour/generated/schema.js'

/** Something that a handler throws, and what its caller gets. */
export interface Thrown {
  readonly name: string
  readonly create: () => unknown
  /** The class that the caller gets. */
  readonly type: abstract new (
    ...args: never[]
  ) => Error
  /** `name` and `message` there. */
  readonly says: readonly [name: string, message: string]
  /** The same where no more than the message is told. Default: the same. */
  readonly tells?: readonly [name: string, message: string]
  /** `code` there; left out where there is none. */
  readonly code?: unknown
  /** What else the error has there, own or not. */
  readonly has?: object
}

class TeapotError extends Error {
  override name = 'TeapotError'
}

class QueryError extends Error {
  override name = 'QueryError'
  readonly code = '23505'
  readonly table = 'notes'
}

/** Before classes, an error's prototype was made of the built-in's, which it had its constructor of. */
const OLD_KIND: object = Object.create(Error.prototype, { name: { value: 'OldError' } })

class ManyErrors extends AggregateError {
  override name = 'ManyErrors'
}

const fail = (): never => expect.fail('as meant')

function define(error: Error, key: string, descriptor: PropertyDescriptor): Error {
  return Object.defineProperty(error, key, descriptor)
}

function chain(length: number): Error {
  let error = new Error('0')
  for (let index = 1; index < length; index++) error = new Error(String(index), { cause: error })
  return error
}

function holdItself(): Error {
  const error = new Error('self')
  error.cause = error
  return error
}

function holdEachOther(): Error {
  const first = new Error('first')
  first.cause = new Error('second', { cause: first })
  return first
}

function suppress(): Error {
  // As compilers of `using` make it for Node 20.
  const error = new Error('An error was suppressed during disposal.')
  return Object.assign(error, {
    name: 'SuppressedError',
    error: new TypeError('while closing'),
    suppressed: new RangeError('while writing'),
  })
}

function shareAThousandfold(): unknown {
  let value: unknown = 'x'
  for (let depth = 0; depth < 50; depth++) value = { left: value, right: value }
  return value
}

function revoke(): unknown {
  const { proxy, revoke } = Proxy.revocable(new Error('text'), {})
  revoke()
  return proxy
}

/** From Node 24 on it is rethrown as its class. */
const SUPPRESSED_ERROR = (globalThis as { SuppressedError?: Thrown['type'] }).SuppressedError ?? Error

const traps = { get: fail, has: fail, getPrototypeOf: fail, ownKeys: fail, getOwnPropertyDescriptor: fail }

function catchThrown(run: () => unknown): unknown {
  try {
    run()
    return undefined
  } catch (error) {
    return error
  }
}

const unknownCode = { type: NetgenError, code: 'unknown' } as const
const noError = (text: string): Pick<Thrown, 'type' | 'code' | 'says'> => ({
  ...unknownCode,
  says: ['Error', `${text} was thrown, which is no Error`],
})

/** What handlers throw, from what is usual to what is hostile. */
export const THROWN: readonly Thrown[] = [
  { name: 'an Error', create: () => new Error('text'), type: Error, says: ['Error', 'text'] },
  {
    name: 'a TypeError',
    create: () => new TypeError('no such thing'),
    type: TypeError,
    says: ['TypeError', 'no such thing'],
  },
  {
    name: 'a RangeError without a message',
    create: () => new RangeError(),
    type: RangeError,
    says: ['RangeError', ''],
  },
  { name: 'an EvalError', create: () => new EvalError('x'), type: EvalError, says: ['EvalError', 'x'] },
  {
    name: 'a ReferenceError',
    create: () => new ReferenceError('x'),
    type: ReferenceError,
    says: ['ReferenceError', 'x'],
  },
  { name: 'a SyntaxError', create: () => new SyntaxError('x'), type: SyntaxError, says: ['SyntaxError', 'x'] },
  {
    name: 'a URIError',
    create: () => catchThrown(() => decodeURIComponent('%')),
    type: URIError,
    says: ['URIError', 'URI malformed'],
  },
  {
    name: 'two lines of message',
    create: () => new Error('one\n    at two (/x.js:1:2)'),
    type: Error,
    says: ['Error', 'one\n    at two (/x.js:1:2)'],
  },
  {
    name: 'a class of its own',
    create: () => new TeapotError('short and stout'),
    ...unknownCode,
    says: ['TeapotError', 'short and stout'],
  },
  {
    name: 'a renamed error',
    create: () => Object.assign(new TypeError('x'), { name: 'ValidationError' }),
    type: TypeError,
    says: ['ValidationError', 'x'],
    tells: ['TypeError', 'x'],
  },
  {
    name: 'a class of the old kind',
    create: () => Object.assign(Object.create(OLD_KIND), { message: 'x' }),
    ...unknownCode,
    says: ['OldError', 'x'],
  },
  {
    name: 'an error of another realm',
    create: () => runInNewContext('new TypeError("x")'),
    ...unknownCode,
    says: ['TypeError', 'x'],
  },
  {
    name: 'a NetgenError',
    create: () => new NetgenError('not_found', 'no such note'),
    type: NetgenError,
    says: ['NetgenError', 'no such note'],
    code: 'not_found',
  },
  {
    name: 'a NetgenError with properties',
    create: () => Object.assign(new NetgenError('aborted', 'no'), { attempt: 3 }),
    type: NetgenError,
    says: ['NetgenError', 'no'],
    code: 'aborted',
    has: { attempt: 3 },
  },
  {
    name: 'a code outside the set',
    create: () => Object.assign(new NetgenError('aborted', 'no'), { code: 'gone' }),
    ...unknownCode,
    says: ['NetgenError', 'no'],
  },

  // Declared errors.
  {
    name: 'a declared error',
    create: () => new DiskFullError({ freeBytes: 7 }),
    type: DiskFullError,
    says: ['DiskFullError', 'DiskFull'],
    code: 'failed_precondition',
    has: { data: { freeBytes: 7 }, errorName: 'DiskFull' },
  },
  {
    name: 'a declared error with everything',
    create: () =>
      Object.assign(new LockedError({ by: 'ada' }, { message: 'try later', cause: new Error('why') }), { retryMs: 5 }),
    type: LockedError,
    says: ['LockedError', 'try later'],
    code: 'failed_precondition',
    has: { data: { by: 'ada' }, retryMs: 5, cause: { message: 'why' } },
  },
  {
    name: 'a declared error whose data does not fit',
    create: () => new LockedError({ by: 1 as unknown as string }),
    type: NetgenError,
    says: ['LockedError', 'Locked'],
    code: 'failed_precondition',
  },
  {
    name: 'a declared error whose data cannot travel',
    create: () => new DiskFullError({ freeBytes: Number.NaN }),
    type: NetgenError,
    says: ['DiskFullError', 'DiskFull'],
    code: 'failed_precondition',
    has: { remote: { cuts: ['/data: NaN is no JSON number'] } },
  },
  {
    name: 'a declared error whose data throws',
    create: () =>
      new DiskFullError(Object.defineProperty({ freeBytes: 1 }, 'freeBytes', { get: fail, enumerable: true })),
    type: NetgenError,
    says: ['DiskFullError', 'DiskFull'],
    code: 'failed_precondition',
    has: { remote: { cuts: ['/data: it cannot be read'] } },
  },
  {
    name: 'a declared error with 2 MB of data',
    create: () => new LockedError({ by: 'x'.repeat(2_000_000) }),
    type: NetgenError,
    says: ['LockedError', 'Locked'],
    code: 'failed_precondition',
    has: { remote: { cuts: ['/data: it takes more than 1048576 bytes of JSON'] } },
  },

  // Errors of Node and of libraries.
  {
    name: 'a file that is not there',
    create: () => catchThrown(() => readFileSync('/no/such/file')),
    type: Error,
    says: ['Error', "ENOENT: no such file or directory, open '/no/such/file'"],
    code: 'ENOENT',
    has: { errno: -2, syscall: 'open', path: '/no/such/file' },
  },
  {
    name: "one of Node's own errors",
    create: () => catchThrown(() => readFileSync('a\0b')),
    type: TypeError,
    says: [
      'TypeError',
      "The argument 'path' must be a string, Uint8Array, or URL without null bytes. Received 'a\\x00b'",
    ],
    code: 'ERR_INVALID_ARG_VALUE',
  },
  {
    name: 'an AbortError',
    create: () => AbortSignal.abort().reason,
    type: DOMException,
    says: ['AbortError', 'This operation was aborted'],
    code: 20,
  },
  {
    name: 'a TimeoutError',
    create: () => new DOMException('too slow', 'TimeoutError'),
    type: DOMException,
    says: ['TimeoutError', 'too slow'],
    code: 23,
  },
  {
    name: 'a DataCloneError',
    create: () => catchThrown(() => structuredClone(Symbol('x'))),
    type: DOMException,
    says: ['DataCloneError', 'Symbol(x) could not be cloned.'],
    code: 25,
  },
  {
    name: 'a DOMException of another name',
    create: () => new DOMException('x', 'WrongDocumentError'),
    ...unknownCode,
    says: ['WrongDocumentError', 'x'],
  },
  {
    name: 'a class with a code of its own',
    create: () => new QueryError('duplicate key'),
    ...unknownCode,
    says: ['QueryError', 'duplicate key'],
    has: { table: 'notes', remote: { properties: { code: '23505', table: 'notes' } } },
  },
  {
    name: 'an error with a status',
    create: () => Object.assign(new Error('Bad Gateway'), { status: 502, headers: { via: ['a', 'b'] }, retry: null }),
    type: Error,
    says: ['Error', 'Bad Gateway'],
    has: { status: 502, headers: { via: ['a', 'b'] }, retry: null },
  },

  // Causes and parts.
  {
    name: 'causes',
    create: () => new RangeError('outer', { cause: new SyntaxError('middle', { cause: new TeapotError('inner') }) }),
    type: RangeError,
    says: ['RangeError', 'outer'],
    has: { cause: { name: 'SyntaxError', cause: { name: 'TeapotError', message: 'inner' } } },
  },
  {
    name: 'a cause that is a text',
    create: () => new Error('x', { cause: 'why' }),
    type: Error,
    says: ['Error', 'x'],
    has: { cause: { message: '"why" was thrown, which is no Error' } },
  },
  {
    name: 'a cause that is null',
    create: () => new Error('x', { cause: null }),
    type: Error,
    says: ['Error', 'x'],
    has: { cause: { message: 'null was thrown, which is no Error' } },
  },
  {
    name: 'a cause with properties and data',
    create: () =>
      new Error('x', {
        cause: new DiskFullError({ freeBytes: 1 }, { cause: catchThrown(() => readFileSync('/no/such/file')) }),
      }),
    type: Error,
    says: ['Error', 'x'],
    has: { cause: { data: { freeBytes: 1 }, cause: { code: 'ENOENT', errno: -2 } } },
  },
  {
    name: 'itself as its cause',
    create: holdItself,
    type: Error,
    says: ['Error', 'self'],
    has: { cause: { cause: { cause: { message: 'self' } } } },
  },
  {
    name: 'a cycle of two',
    create: holdEachOther,
    type: Error,
    says: ['Error', 'first'],
    has: { cause: { message: 'second', cause: { message: 'first' } } },
  },
  { name: 'a thousand causes', create: () => chain(1_000), type: Error, says: ['Error', '999'] },
  {
    name: 'an AggregateError',
    create: () =>
      new AggregateError([new TypeError('one'), 'two', new DiskFullError({ freeBytes: 1 })], 'both', {
        cause: new Error('why'),
      }),
    type: AggregateError,
    says: ['AggregateError', 'both'],
    has: {
      errors: [{ name: 'TypeError' }, { message: '"two" was thrown, which is no Error' }, { data: { freeBytes: 1 } }],
      cause: { message: 'why' },
    },
  },
  {
    name: 'the same error as two parts',
    create: () => {
      const part = new Error('part')
      return new AggregateError([part, part], 'twice', { cause: part })
    },
    type: AggregateError,
    says: ['AggregateError', 'twice'],
  },
  {
    name: 'a thousand parts',
    create: () =>
      new AggregateError(
        Array.from({ length: 1_000 }, () => new Error('x')),
        'many',
      ),
    type: AggregateError,
    says: ['AggregateError', 'many'],
  },
  {
    name: 'a class of its own with parts',
    create: () => new ManyErrors([new TypeError('one')], 'many'),
    ...unknownCode,
    says: ['ManyErrors', 'many'],
    has: { errors: [{ name: 'TypeError', message: 'one' }] },
  },
  {
    name: 'a plain error with parts',
    create: () => Object.assign(new Error('many'), { errors: [new TypeError('one')] }),
    type: Error,
    says: ['Error', 'many'],
    has: { errors: [{ name: 'TypeError', message: 'one' }] },
  },
  {
    name: 'a plain error with data for parts',
    create: () => Object.assign(new Error('many'), { errors: [{ path: '/a' }] }),
    type: Error,
    says: ['Error', 'many'],
    has: { errors: [{ path: '/a' }] },
  },
  {
    name: 'a SuppressedError',
    create: suppress,
    type: SUPPRESSED_ERROR,
    says: ['SuppressedError', 'An error was suppressed during disposal.'],
    has: {
      error: { name: 'TypeError', message: 'while closing' },
      suppressed: { name: 'RangeError', message: 'while writing' },
    },
  },

  // What is no error.
  { name: '1', create: () => 1, ...noError('1') },
  { name: 'NaN', create: () => Number.NaN, ...noError('NaN') },
  { name: 'null', create: () => null, ...noError('null') },
  { name: 'undefined', create: () => undefined, ...noError('undefined') },
  { name: 'false', create: () => false, ...noError('false') },
  { name: 'a bigint', create: () => 10n, ...noError('10n') },
  { name: 'a text', create: () => 'a text', ...noError('"a text"') },
  { name: 'a symbol', create: () => Symbol('x'), ...noError('a symbol') },
  { name: 'a function', create: () => fail, ...noError('a function') },
  { name: 'an object', create: () => ({ message: 'x' }), ...noError('{"message":"x"}') },
  {
    name: 'an object that holds itself',
    create: () => {
      const value: { self?: unknown } = {}
      value.self = value
      return value
    },
    ...noError('a value that JSON cannot hold'),
  },
  { name: 'a revoked proxy', create: revoke, ...noError('a value that JSON cannot hold') },
  {
    name: 'a proxy whose traps throw',
    create: () => new Proxy(new Error('text'), traps),
    ...noError('a value that JSON cannot hold'),
  },
  { name: 'a megabyte of text', create: () => 'x'.repeat(1_000_000), ...noError(`"${'x'.repeat(78)}…`) },

  // Hostile errors.
  { name: 'a proxy of an error', create: () => new Proxy(new Error('text'), {}), type: Error, says: ['Error', 'text'] },
  {
    name: 'a proxy without keys',
    create: () => new Proxy(new Error('text'), { ownKeys: fail }),
    type: Error,
    says: ['Error', 'text'],
  },
  {
    name: 'a frozen error',
    create: () => Object.freeze(new Error('x', { cause: new Error('y') })),
    type: Error,
    says: ['Error', 'x'],
    has: { cause: { message: 'y' } },
  },
  {
    name: 'a message that is no text',
    create: () => define(new Error(), 'message', { value: { a: 1 } }),
    type: Error,
    says: ['Error', '{"a":1}'],
  },
  {
    name: 'a name that is no text',
    create: () => define(new Error('text'), 'name', { value: 5 }),
    type: Error,
    says: ['Error', 'text'],
  },
  {
    name: 'a stack that is no text',
    create: () => define(new Error('text'), 'stack', { value: 5 }),
    type: Error,
    says: ['Error', 'text'],
  },
  {
    name: 'a stack without frames',
    create: () => define(new Error('text'), 'stack', { value: 'Error: text' }),
    type: Error,
    says: ['Error', 'text'],
  },
  {
    name: 'no stack',
    create: () => define(new Error('text'), 'stack', { value: undefined }),
    type: Error,
    says: ['Error', 'text'],
  },
  {
    name: 'a getter for message that throws',
    create: () => define(new Error('text'), 'message', { get: fail }),
    type: Error,
    says: ['Error', 'undefined'],
  },
  {
    name: 'a getter for name that throws',
    create: () => define(new Error('text'), 'name', { get: fail }),
    type: Error,
    says: ['Error', 'text'],
  },
  {
    name: 'a getter for stack that throws',
    create: () => define(new Error('text'), 'stack', { get: fail }),
    type: Error,
    says: ['Error', 'text'],
  },
  {
    name: 'a getter for cause that throws',
    create: () => define(new Error('text'), 'cause', { get: fail }),
    type: Error,
    says: ['Error', 'text'],
  },
  {
    name: 'a getter for a property that throws',
    create: () => define(new Error('text'), 'path', { get: fail, enumerable: true }),
    type: Error,
    says: ['Error', 'text'],
  },
  {
    name: 'a cause that is always another one',
    create: () => define(new Error('text'), 'cause', { get: () => chain(3) }),
    type: Error,
    says: ['Error', 'text'],
    has: { cause: { message: '2' } },
  },
  {
    name: 'a remote that is none',
    create: () => Object.assign(new Error('text'), { remote: 5, maybeExecuted: false }),
    type: Error,
    says: ['Error', 'text'],
    has: { maybeExecuted: true, remote: { properties: {} } },
  },
  {
    name: 'a megabyte of message',
    create: () => new Error('x'.repeat(1_000_000)),
    type: Error,
    says: ['Error', `${'x'.repeat(16_384)}… (983616 more characters were cut)`],
  },
  {
    name: 'a megabyte of name',
    create: () => define(new Error('text'), 'name', { value: 'N'.repeat(1_000_000) }),
    type: Error,
    says: [`${'N'.repeat(299)}…`, 'text'],
    tells: ['Error', 'text'],
  },
  {
    name: 'a megabyte of properties',
    create: () => Object.assign(new Error('text'), { small: 1, large: 'x'.repeat(1_000_000) }),
    type: Error,
    says: ['Error', 'text'],
    has: { small: 1, remote: { cuts: ['/properties/large: it takes more than 16373 bytes of JSON'] } },
  },
  {
    name: 'a thousand properties',
    create: () =>
      Object.assign(
        new Error('text'),
        Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`p${index}`, index])),
      ),
    type: Error,
    says: ['Error', 'text'],
    has: { p0: 0, p63: 63, remote: { cuts: ['/properties: 936 of them were too many'] } },
  },
  {
    name: 'a property that shares its parts',
    create: () => Object.assign(new Error('text'), { tree: shareAThousandfold() }),
    type: Error,
    says: ['Error', 'text'],
    has: { remote: { cuts: ['/properties/tree: it takes more than 16380 bytes of JSON'] } },
  },
  {
    name: 'properties that JSON does not have',
    create: () =>
      Object.assign(new Error('text'), {
        toJSON: () => 'x',
        big: 10n,
        call: fail,
        when: new Date(0),
        at: { no: Number.NaN },
        fine: [1],
      }),
    type: Error,
    says: ['Error', 'text'],
    has: {
      fine: [1],
      remote: {
        cuts: [
          '/properties/toJSON: a function cannot travel as JSON',
          '/properties/big: 10n cannot travel as JSON',
          '/properties/call: a function cannot travel as JSON',
          '/properties/when: an instance of a class cannot travel as JSON',
          '/properties/at: NaN is no JSON number',
        ],
      },
    },
  },
  {
    name: 'properties that would break an error',
    create: () => Object.assign(new Error('text'), { toString: 1, valueOf: 2, constructor: 3, hasOwnProperty: 4 }),
    type: Error,
    says: ['Error', 'text'],
    has: { remote: { properties: { toString: 1, valueOf: 2, constructor: 3, hasOwnProperty: 4 } } },
  },
  {
    name: 'controls',
    create: () => Object.assign(new TypeError('\u001b[31mred\u202e\r\n'), { note: '\u001b[2J' }),
    type: TypeError,
    says: ['TypeError', '[31mred\n'],
    has: { note: '[2J' },
  },
  { name: 'a lone surrogate', create: () => new Error('a\ud800'), type: Error, says: ['Error', 'a\ud800'] },
  {
    name: 'a declared error of a class by hand',
    create: () =>
      new (class extends DeclaredError {
        constructor() {
          super('toString', {})
        }
      })(),
    type: NetgenError,
    says: ['toStringError', 'toString'],
    code: 'failed_precondition',
  },
]
