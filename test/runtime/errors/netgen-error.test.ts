import { inspect } from 'node:util'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { HTTP_STATUS_OF_CODE, isErrorCode } from '../../../runtime/errors/codes.js'
import { DeclaredError } from '../../../runtime/errors/declared-error.js'
import { NetgenError } from '../../../runtime/errors/netgen-error.js'
import { isRefusal, refuse } from '../../../runtime/errors/refuse.js'

class DiskFullError extends DeclaredError<'DiskFull', { freeBytes: number }> {
  static readonly errorName = 'DiskFull'
  constructor(data: { freeBytes: number }, options?: { message?: string; cause?: unknown }) {
    super('DiskFull', data, options)
  }
}

async function importSecondCopy() {
  vi.resetModules()
  const second = await import('../../../runtime/errors/declared-error.js')
  const { NetgenError: SecondNetgenError } = await import('../../../runtime/errors/netgen-error.js')
  class SecondDeclaredError extends second.DeclaredError<'X', number> {}
  return { SecondNetgenError, SecondBase: second.DeclaredError, SecondDeclaredError }
}

afterEach(() => vi.resetModules())

describe('a NetgenError', () => {
  test('has code, message and cause, and may not have run unless said otherwise', () => {
    const error = new NetgenError('not_found', 'no such note', { cause: 1 })
    expect(error).toMatchObject({ code: 'not_found', message: 'no such note', cause: 1, maybeExecuted: false })
    expect(String(error)).toBe('NetgenError: no such note')
    expect(Object.keys(error).sort()).toEqual(['code', 'maybeExecuted'])
  })

  test('has a cause only where one was given, undefined included', () => {
    expect('cause' in new NetgenError('internal', 'x')).toBe(false)
    expect('cause' in new NetgenError('internal', 'x', { cause: undefined })).toBe(true)
  })

  test('prints as an error, with its fields', () => {
    const text = inspect(new NetgenError('aborted', 'no'))
    expect(text).toMatch(/^NetgenError: no\n {4}at /)
    expect(text).toContain("code: 'aborted'")
  })

  test('is known by instanceof in another copy of the package, and so are declared errors', async () => {
    const { SecondNetgenError, SecondBase, SecondDeclaredError } = await importSecondCopy()
    expect(SecondNetgenError).not.toBe(NetgenError)
    const first = new NetgenError('internal', 'x')
    const declared = new DiskFullError({ freeBytes: 0 })
    expect(first instanceof SecondNetgenError).toBe(true)
    expect(declared instanceof SecondNetgenError).toBe(true)
    expect(declared instanceof SecondBase).toBe(true)
    expect(first instanceof SecondBase).toBe(false)
    expect(new SecondDeclaredError('X', 1) instanceof DeclaredError).toBe(true)
    expect(new SecondNetgenError('internal', 'x') instanceof NetgenError).toBe(true)
  })

  test('a generated class of declared errors is its own alone', async () => {
    const { SecondDeclaredError } = await importSecondCopy()
    expect(new DiskFullError({ freeBytes: 0 }) instanceof DiskFullError).toBe(true)
    expect(new DiskFullError({ freeBytes: 0 }) instanceof SecondDeclaredError).toBe(false)
    expect(new NetgenError('internal', 'x') instanceof DiskFullError).toBe(false)
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['undefined', undefined],
    ['a text', 'NetgenError'],
    ['an error', new Error('x')],
    ['an object that looks like one', { name: 'NetgenError', code: 'internal', message: 'x' }],
  ])('is not %s', (_, value) => {
    expect(value instanceof NetgenError).toBe(false)
    expect(value instanceof DeclaredError).toBe(false)
  })
})

describe('a declared error', () => {
  test('has its name, its data and failed_precondition; its message is its name', () => {
    const error = new DiskFullError({ freeBytes: 7 })
    expect(error).toMatchObject({
      name: 'DiskFullError',
      errorName: 'DiskFull',
      message: 'DiskFull',
      code: 'failed_precondition',
      data: { freeBytes: 7 },
      maybeExecuted: true,
    })
    expect(error).toBeInstanceOf(Error)
    expect('cause' in error).toBe(false)
  })

  test('takes a message and a cause', () => {
    const cause = new Error('ENOSPC')
    expect(new DiskFullError({ freeBytes: 7 }, { message: 'full', cause })).toMatchObject({ message: 'full', cause })
  })
})

describe('the codes', () => {
  test('are sixteen, each with a status of failure', () => {
    const statuses = Object.values(HTTP_STATUS_OF_CODE)
    expect(statuses).toHaveLength(16)
    expect(statuses.every((status) => status >= 400 && status < 600)).toBe(true)
  })

  test.each<[unknown, boolean]>([
    ['canceled', true],
    ['unauthenticated', true],
    ['cancelled', false],
    ['toString', false],
    ['__proto__', false],
    [404, false],
    [undefined, false],
  ])('%j is a code: %s', (text, want) => {
    expect(isErrorCode(text)).toBe(want)
  })
})

test("a refusal is known as netgen's own; what a user made with the same class is not", () => {
  expect(isRefusal(refuse('internal', 'x'))).toBe(true)
  expect(isRefusal(new NetgenError('internal', 'x'))).toBe(false)
  for (const other of [null, undefined, 'x', 1]) expect(isRefusal(other)).toBe(false)
})
