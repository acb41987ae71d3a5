import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { createBuiltin, nameBuiltin } from '../../../runtime/errors/builtin-errors.js'
import { isError, isInstance, readProperty } from '../../../runtime/errors/is-error.js'

const TYPES = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError] as const

describe("JavaScript's own errors", () => {
  test.each(TYPES.map((type) => [type.name, type] as const))('%s is named, and made again', (name, type) => {
    expect(nameBuiltin(new type('x'))).toBe(name)
    const made = createBuiltin(name, 'text')
    expect(made).toBeInstanceOf(type)
    expect([made?.name, made?.message]).toEqual([name, 'text'])
  })

  test('AggregateError is made without parts', () => {
    expect(nameBuiltin(new AggregateError([]))).toBe('AggregateError')
    expect(createBuiltin('AggregateError', 'both')).toMatchObject({ message: 'both', errors: [] })
  })

  test("Node's own errors are of the class that they say", () => {
    const error = Object.assign(new TypeError('x'), { code: 'ERR_X' })
    expect(nameBuiltin(error)).toBe('TypeError')
    expect(() => Buffer.from(5 as never)).toThrow(expect.toSatisfy((thrown) => nameBuiltin(thrown) === 'TypeError'))
  })

  test.each(['AbortError', 'DataCloneError', 'TimeoutError'])('a DOMException is named by its name: %s', (name) => {
    expect(nameBuiltin(new DOMException('x', name))).toBe(name)
    const made = createBuiltin(name, 'text')
    expect(made).toBeInstanceOf(DOMException)
    expect([made?.name, made?.message]).toEqual([name, 'text'])
  })

  test('SuppressedError is what compilers make of it where Node has none', () => {
    const error = Object.assign(new Error('x'), { name: 'SuppressedError', error: 1, suppressed: 2 })
    expect(nameBuiltin(error)).toBe('SuppressedError')
    expect(nameBuiltin(Object.assign(new Error('x'), { name: 'SuppressedError' }))).toBe('Error')
    expect(createBuiltin('SuppressedError', 'text')).toMatchObject({ name: 'SuppressedError', message: 'text' })
  })

  class Custom extends TypeError {}
  const bare = Object.setPrototypeOf(new Error('x'), null) as Error
  const trap = new Proxy(new Error('x'), { getPrototypeOf: () => expect.fail('as meant') })

  test.each<[string, Error]>([
    ['a subclass', new Custom('x')],
    ['an error of another realm', runInNewContext('new TypeError("x")') as Error],
    ['a DOMException of another name', new DOMException('x', 'WrongDocumentError')],
    ['a class of the old kind', Object.create(Object.create(Error.prototype, { name: { value: 'OldError' } }))],
    ['an error without a prototype', bare],
    ['a proxy whose trap throws', trap],
  ])('%s is not one of them', (_, error) => {
    expect(nameBuiltin(error)).toBeUndefined()
  })

  test.each(['Object', 'Function', 'constructor', '__proto__', 'toString', 'DOMException', ''])(
    'the name %j makes nothing',
    (name) => {
      expect(createBuiltin(name, 'x')).toBeUndefined()
    },
  )
})

describe('what counts as an error', () => {
  const trap = new Proxy({}, { getPrototypeOf: () => expect.fail('as meant') })
  const { proxy: revoked, revoke } = Proxy.revocable({}, {})
  revoke()

  test.each<[string, unknown, boolean]>([
    ['an error', new Error('x'), true],
    ['a subclass', new (class extends RangeError {})('x'), true],
    ['an error of another realm', runInNewContext('new Error("x")'), true],
    ['a proxy of an error', new Proxy(new Error('x'), {}), true],
    ['an object made of its prototype', Object.create(Error.prototype), true],
    ['a proxy whose trap throws', trap, false],
    ['a revoked proxy', revoked, false],
    ['an object that looks like one', { name: 'Error', message: 'x', stack: 'Error: x' }, false],
    ['null', null, false],
    ['a text', 'Error', false],
  ])('%s', (_, value, want) => {
    expect(isError(value)).toBe(want)
  })

  test('instanceof with a throwing trap is false', () => {
    expect(isInstance(trap, TypeError)).toBe(false)
    expect(isInstance(new TypeError('x'), TypeError)).toBe(true)
  })

  test('a property whose getter throws reads as undefined', () => {
    const error = Object.defineProperty(new Error('x'), 'message', { get: () => expect.fail('as meant') })
    expect(readProperty(error, 'message')).toBeUndefined()
    expect(readProperty(new Error('x'), 'message')).toBe('x')
  })
})
