import { afterEach, describe, expect, test } from 'vitest'
import { easeOwnChecks } from '../../../generator/validators/ease-own-checks.js'

const DECLARATION = 'const func0 = Object.prototype.hasOwnProperty;'

/** The check of ajv's for one required property, made easier. */
function createCheck(property: string): (data: unknown) => boolean {
  const name = JSON.stringify(property)
  const asked = `(data[${name}] === undefined) || (!(func0.call(data, ${name})))`
  return new Function('data', easeOwnChecks(`${DECLARATION}\nreturn !(${asked});`)) as (data: unknown) => boolean
}

class Note {
  own = 1
  get inherited(): number {
    return 2
  }
}

describe('a property is an object’s own', () => {
  afterEach(() => {
    Reflect.deleteProperty(Object.prototype, 'polluted')
  })

  const cases: readonly [what: string, property: string, data: unknown, isOwn: boolean][] = [
    ['of a plain object', 'id', { id: 1 }, true],
    ['that is absent', 'id', {}, false],
    ['that is undefined', 'id', { id: undefined }, false],
    ['without a prototype', 'id', Object.assign(Object.create(null), { id: 1 }), true],
    ['of another prototype', 'id', Object.create({ id: 1 }), false],
    ['that an instance has', 'own', new Note(), true],
    ['that its class has', 'inherited', new Note(), false],
    ['that every object inherits', 'toString', {}, false],
    ['that hides what every object inherits', 'toString', { toString: 1 }, true],
    ['that is called constructor', 'constructor', {}, false],
    ['that is the prototype', '__proto__', {}, false],
    ['that is called as the prototype', '__proto__', JSON.parse('{"__proto__":1}'), true],
    ['of any characters', 'a "b"\n', { 'a "b"\n': 1 }, true],
  ]

  test.each(cases)('%s', (_what, property, data, isOwn) => {
    expect(createCheck(property)(data)).toBe(isOwn)
  })

  test('and not of a polluted Object.prototype', () => {
    const check = createCheck('polluted')
    expect(check({ polluted: 1 })).toBe(true)
    Object.assign(Object.prototype, { polluted: 1 })
    expect([check({}), check({ polluted: 2 })]).toEqual([false, true])
  })
})

test('texts of the schema that look like a question are left', () => {
  const line = String.raw`if(data0 !== "func0.call(data, \"id\")" && data0 !== "func0.call(data, "){`
  expect(easeOwnChecks(`${DECLARATION}\n${line}`)).toContain(line)
})

test('code without objects is left', () => {
  expect(easeOwnChecks('const a = 1;')).toBe('const a = 1;')
})
