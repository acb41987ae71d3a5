import { DeclaredError, type DeclaredErrorOptions } from 'netgen/runtime'
import { describe, expect, test } from 'vitest'
import fixture from '../../../fixtures/wire/errors.json' with { type: 'json' }
import type { ErrorCode } from '../../../runtime/errors/codes.js'
import { createHidePlaces } from '../../../runtime/errors/hide-places.js'
import { NetgenError } from '../../../runtime/errors/netgen-error.js'
import { refuse, refuseSkew } from '../../../runtime/errors/refuse.js'
import { joinTraceback } from '../../../runtime/traceback/join-traceback.js'
import { keepData } from '../../../runtime/wire/describe-class.js'
import { describeError, type Failure } from '../../../runtime/wire/describe-error.js'
import type { ErrorRecord } from '../../../runtime/wire/error-record.js'
import { readErrorRecord } from '../../../runtime/wire/read-error-record.js'
import { reviveError } from '../../../runtime/wire/revive-error.js'

class DiskFullError extends DeclaredError<'DiskFull', { freeBytes: number }> {
  static readonly errorName = 'DiskFull'
  constructor(data: { freeBytes: number }, options?: DeclaredErrorOptions) {
    super('DiskFull', data, options)
  }
}

class QueryError extends Error {
  override name = 'QueryError'
}

const CALLED: Failure = {
  peer: 'notes@127.0.0.1:3011',
  tag: 'notes.save',
  errorId: '2df09256-e656-48c7-a7a9-79c6ea24739f',
  isOwn: false,
  maybeExecuted: true,
  disclosure: 'stack',
  root: 'gVzCBkcg9SXWbT6T',
  hidePlaces: createHidePlaces('/app', '/home/ada'),
  encodeData: keepData,
}

const NOT_RUN: Partial<Failure> = { isOwn: true, maybeExecuted: false }

/** The error with one frame of its own. */
function at<Thrown extends Error>(error: Thrown, name: string, line: number): Thrown {
  error.stack = `${error.name}: ${error.message}\n    at async ${name} (/app/src/${name}.ts:${line}:7)`
  return error
}

/** What netgen found itself: its own frames are of no use to anybody. */
function find(code: ErrorCode, message: string): Error {
  return Object.assign(refuse(code, message), { stack: '' })
}

function passOn(error: Error): Error {
  const { errorId } = CALLED
  const frames = [{ function: 'write', file: 'src/disk.ts', line: 3, column: 1, async: false }]
  const hops = [{ peer: 'disk@127.0.0.1:3012', tag: 'disk.write', frames, root: 'V1PYl5MBs1xjzfGQ' }]
  const remote = { peer: 'disk@127.0.0.1:3012', tag: 'disk.write', errorId, hops, properties: {}, cuts: [] }
  joinTraceback(error, { stack: '    at save (/app/src/save.ts:8:3)' }, remote)
  return error
}

function holdItself(): Error {
  const error = at(new Error('outer'), 'save', 1)
  error.cause = at(new Error('inner', { cause: error }), 'save', 2)
  return error
}

/** What is thrown where each record of the fixture is written. */
const THROWN: Readonly<Record<string, readonly [thrown: unknown, failure?: Partial<Failure>]>> = {
  'a declared error': [at(new DiskFullError({ freeBytes: 7 }, { message: 'no room' }), 'save', 4)],
  'an error of JavaScript, with properties': [
    at(Object.assign(new Error("ENOENT: no such file, open '/app/a'"), { errno: -2, code: 'ENOENT' }), 'save', 4),
  ],
  'an error of JavaScript that was renamed': [
    at(Object.assign(new TypeError('x'), { name: 'ValidationError' }), 'save', 4),
  ],
  'a DOMException': [at(new DOMException('too slow', 'TimeoutError'), 'save', 4)],
  'a NetgenError that a handler threw': [at(new NetgenError('not_found', 'no such note'), 'save', 4)],
  'a class that only its own process knows': [
    at(Object.assign(new QueryError('duplicate key'), { code: '23505' }), 'save', 4),
  ],
  'what is no error': ['a text'],
  'a cause with frames, and one without': [
    at(new RangeError('outer', { cause: at(new Error('inner', { cause: 'why' }), 'read', 9) }), 'save', 4),
  ],
  parts: [at(new AggregateError([at(new TypeError('one'), 'save', 5), 'two'], 'both'), 'save', 4)],
  'an error that holds itself': [holdItself()],
  'an error that was suppressed': [
    at(
      Object.assign(new Error('on the way out'), {
        name: 'SuppressedError',
        error: at(new TypeError('last'), 'close', 2),
        suppressed: at(new RangeError('first'), 'save', 3),
      }),
      'save',
      4,
    ),
  ],
  'an error that passed another peer': [passOn(new TypeError('disk is gone'))],
  'what did not travel': [at(Object.assign(new Error('x'), { size: 1n, call: () => {} }), 'save', 4)],
  'an input that is refused': [
    find('invalid_argument', 'input of notes.save is refused: it lacks "body"'),
    { ...NOT_RUN, digest: 'ab54c7ef' },
  ],
  'an output that is refused': [find('internal', 'output of notes.save is refused: it is 1.5, expected an integer')],
  'a connection that is not there': [
    find('unimplemented', 'notes@127.0.0.1:3011 has no connection "notes.sav"'),
    NOT_RUN,
  ],
  'schemas that differ between two peers behind this one': [
    Object.assign(
      refuseSkew(
        'input of notes.save is refused: it lacks "body"; the schema of notes.save is ab54c7ef at notes@127.0.0.1:3011 and 9d01b2c3 here: build both peers from the same one',
        { tag: 'notes.save', caller: '9d01b2c3', callee: 'ab54c7ef' },
        false,
      ),
      { stack: '' },
    ),
  ],
  'a deadline': [
    find('deadline_exceeded', 'notes.save took longer than 100 ms: raise timeoutMs, or have it answer sooner'),
    { isOwn: true },
  ],
  'a call that was canceled': [find('canceled', 'notes.save was canceled by its caller'), { isOwn: true }],
  'a peer that has too much to do': [
    find('resource_exhausted', 'notes@127.0.0.1:3011 refuses notes.save: 256 calls are in flight'),
    NOT_RUN,
  ],
  'a peer that is closing': [find('unavailable', 'notes@127.0.0.1:3011 refuses notes.save: it is closing'), NOT_RUN],
  'an error at the level message': [
    at(new DiskFullError({ freeBytes: 7 }, { message: 'no room', cause: new Error('why') }), 'save', 4),
    { disclosure: 'message' },
  ],
  'an error at the level none': [at(new TypeError('secret'), 'save', 4), { disclosure: 'none' }],
}

const cases = fixture.records.map(({ says, record, revived }) => [says, record as ErrorRecord, revived] as const)

describe('error records', () => {
  test('has a record for each of these errors', () => {
    expect(fixture.records.map(({ says }) => says)).toEqual(Object.keys(THROWN))
  })

  test.each(cases)('written: %s', (says, record) => {
    const [thrown, failure] = THROWN[says] ?? expect.fail('nothing is thrown for it')
    expect(describeError(thrown, { ...CALLED, ...failure })).toEqual(record)
  })

  test.each(cases)('read: %s', (_, record) => {
    expect(readErrorRecord(record)).toEqual(record)
  })

  test.each(cases)('revived: %s', (_, record, revived) => {
    const error = reviveError(record, { stack: '    at run (/app/caller.ts:1:2)' }, CALLED, {
      encodeData: keepData,
      create: (_name, data, options) => new DiskFullError(data as never, options),
    })
    const { class: type, ...rest } = revived
    // Node has the class from version 24 on.
    const isMissing = type === 'SuppressedError' && !('SuppressedError' in globalThis)
    expect(error.constructor.name).toBe(isMissing ? 'Error' : type)
    expect(error).toMatchObject(rest)
  })
})

test.each(fixture.misread.map(({ says, given, read }) => [says, given, read] as const))(
  'what is no record: %s',
  (_, given, read) => {
    expect(readErrorRecord(given) ?? null).toEqual(read)
  },
)
