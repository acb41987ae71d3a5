import { describe, expect, test, vi } from 'vitest'
import { isRefusal } from '../../../runtime/errors/refuse.js'
import { checkEncodable, checkValue, decodePart, encodePart } from '../../../runtime/validation/check-value.js'
import { LazyChecks } from '../../../runtime/validation/load-checks.js'
import type { ConnectionChecks, Validate, Violation } from '../../../runtime/validation/validate.js'

function createCheck(...errors: Violation[]): Validate {
  const validate: Validate = () => {
    validate.errors = errors
    return false
  }
  return validate
}

function catchThrown(run: () => void): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return 'nothing was thrown'
}

const needsText = createCheck({ instancePath: '', keyword: 'type', params: { type: 'string' } })

describe('a value of a call', () => {
  test('passes where it fits, and where the connection has no such part', () => {
    expect(() => checkValue('t', 'input', () => true, 1)).not.toThrow()
    expect(() => checkValue('t', 'output', null, 1)).not.toThrow()
    expect(() => checkEncodable('t', 'output', { a: [1] })).not.toThrow()
  })

  test.each([
    ['has no codec', { input: (): boolean => true }],
    ['has one in another part', { input: (): boolean => true, codecs: { input: null } }],
  ])('is neither copied nor looked at beyond its check, where it %s', (_, checks) => {
    const look = vi.fn()
    const traps = { get: look, has: look, ownKeys: look, getOwnPropertyDescriptor: look, getPrototypeOf: look }
    const value = new Proxy({ at: '2026-11-23' }, traps)
    expect(encodePart('t', 'input', checks, value) === value).toBe(true)
    expect(decodePart('t', 'input', checks, value) === value).toBe(true)
    expect(look).not.toHaveBeenCalled()
  })

  const wrongInput = { code: 'invalid_argument', maybeExecuted: false }
  const wrongOutput = { code: 'internal', maybeExecuted: true }

  test.each<[string, () => void, object]>([
    [
      'an input that does not fit',
      () => checkValue('notes.save', 'input', needsText, 5),
      { ...wrongInput, message: 'input of notes.save is refused: it is 5, expected a string' },
    ],
    [
      'an output that does not fit',
      () => checkValue('notes.save', 'output', needsText, 5),
      { ...wrongOutput, message: 'output of notes.save is refused: it is 5, expected a string' },
    ],
    [
      'a check that does not say why',
      () => checkValue('notes.save', 'input', createCheck(), 5),
      { ...wrongInput, message: 'input of notes.save is refused: it does not fit the schema' },
    ],
    [
      'an input that cannot travel',
      () => checkEncodable('notes.save', 'input', 1n),
      { ...wrongInput, message: 'input of notes.save is refused: 1n cannot travel as JSON' },
    ],
    [
      'an output that cannot travel',
      () => checkEncodable('notes.save', 'output', { list: [Number.NaN] }),
      { ...wrongOutput, message: 'output of notes.save is refused: at /list/0 NaN is no JSON number' },
    ],
  ])('is refused: %s', (_, run, want) => {
    const error = catchThrown(run)
    expect(error).toMatchObject(want)
    expect(isRefusal(error)).toBe(true)
  })
})

describe('the checks of a connection', () => {
  const checks: ConnectionChecks = { input: null, output: null, errors: {}, jsonSchemas: '{}' }

  test('are loaded once, on first use, and are there at once afterwards', async () => {
    const load = vi.fn(async () => checks)
    const lazy = new LazyChecks('notes.save', load)
    expect(load).not.toHaveBeenCalled()
    expect(await Promise.all([lazy.get(), lazy.get()])).toEqual([checks, checks])
    expect(lazy.get()).toBe(checks)
    expect(load).toHaveBeenCalledOnce()
  })

  test.each<[string, () => Promise<ConnectionChecks>]>([
    ['later', () => Promise.reject(new Error('no file'))],
    [
      'at once',
      () => {
        throw new Error('no file')
      },
    ],
  ])('that fail %s are said to need a build, and tried again by the next call', async (_, fail) => {
    const load = vi.fn(fail)
    const lazy = new LazyChecks('notes.save', load)
    await expect(lazy.get()).rejects.toMatchObject({
      code: 'internal',
      maybeExecuted: false,
      message: 'the generated checks of notes.save cannot be loaded: run `netgen build` again',
      cause: { message: 'no file' },
    })
    load.mockResolvedValueOnce(checks)
    expect(await lazy.get()).toBe(checks)
  })
  test('that tsx cannot import say what makes them importable', async () => {
    const cause = Object.assign(new TypeError('no base'), { code: 'ERR_UNSUPPORTED_RESOLVE_REQUEST' })
    await expect(new LazyChecks('notes.save', () => Promise.reject(cause)).get()).rejects.toThrow(
      'the generated checks of notes.save cannot be loaded: an ES module imports them from a CommonJS package, which tsx cannot: run `npm pkg set type=module`',
    )
  })
})
