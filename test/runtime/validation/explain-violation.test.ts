import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { explainViolation } from '../../../runtime/validation/explain-violation.js'
import { explainViolations } from '../../../runtime/validation/explain-violations.js'
import type { Violation } from '../../../runtime/validation/validate.js'

// As generated checks are compiled: the first error only.
const ajv = new Ajv2020({ discriminator: true, strict: false, strictNumbers: true })
ajv.addFormat('short', /^.{1,3}$/)

function explain(schema: object, value: unknown): string {
  const validate = ajv.compile(schema)
  expect(validate(value)).toBe(false)
  return explainViolations(validate.errors ?? [], value)
}

const note = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } }

const shapes = {
  type: 'object',
  discriminator: { propertyName: 'kind' },
  oneOf: ['circle', 'square'].map((kind) => ({ required: ['kind'], properties: { kind: { const: kind } } })),
}

describe('what is wrong with a value is said in words', () => {
  test.each<[string, object, unknown, string]>([
    ['type', { type: 'string' }, 5, 'it is 5, expected a string'],
    ['type', { type: 'integer' }, 0.5, 'it is 0.5, expected an integer'],
    ['type', { type: 'object' }, [], 'it is [], expected an object'],
    ['type', { type: 'array' }, {}, 'it is {}, expected an array'],
    ['type', { type: 'null' }, undefined, 'it is undefined, expected null'],
    ['type', { type: 'number' }, Number.NaN, 'it is NaN, expected a number'],
    ['type', { type: ['string', 'null'] }, 1, 'it is 1, expected a string or null'],
    ['const', { const: 'a' }, 'b', 'it is "b", expected "a"'],
    ['enum', { enum: [1, 'a', null] }, 2, 'it is 2, expected one of 1, "a", null'],
    ['enum', { enum: [1, 2, 3, 4, 5, 6, 7, 8, 9] }, 0, 'it is 0, expected one of 1, 2, 3, 4, 5, 6, 7, 8, … (9 in all)'],
    ['minLength', { minLength: 1 }, '', 'it is "", expected at least 1 character'],
    ['minLength', { minLength: 2 }, 'a', 'it is "a", expected at least 2 characters'],
    ['maxLength', { maxLength: 2 }, 'abc', 'it is "abc", expected at most 2 characters'],
    ['pattern', { pattern: '^a+$' }, 'b', 'it is "b", expected a text that matches ^a+$'],
    ['format', { format: 'short' }, 'long', 'it is "long", expected the format "short"'],
    ['minimum', { minimum: 1 }, 0, 'it is 0, expected at least 1'],
    ['maximum', { maximum: 1 }, 2, 'it is 2, expected at most 1'],
    ['exclusiveMinimum', { exclusiveMinimum: 1 }, 1, 'it is 1, expected more than 1'],
    ['exclusiveMaximum', { exclusiveMaximum: 1 }, 1, 'it is 1, expected less than 1'],
    ['multipleOf', { multipleOf: 5 }, 3, 'it is 3, expected a multiple of 5'],
    ['minItems', { minItems: 1 }, [], 'it is [], expected at least 1 item'],
    ['maxItems', { maxItems: 1 }, [1, 2], 'it is [1,2], expected at most 1 item'],
    ['items', { prefixItems: [{}, {}], items: false }, [1, 2, 3], 'it is [1,2,3], expected at most 2 items'],
    ['contains', { contains: { const: 1 } }, [2], 'it is [2], expected at least 1 fitting item'],
    ['contains', { contains: { const: 1 }, minContains: 2 }, [1], 'it is [1], expected at least 2 fitting items'],
    [
      'contains',
      { contains: { const: 1 }, minContains: 0, maxContains: 1 },
      [1, 1],
      'it is [1,1], expected 0 to 1 fitting items',
    ],
    [
      'uniqueItems',
      { uniqueItems: true },
      ['a', 'b', 'a'],
      'it is ["a","b","a"], expected no two equal items, as 0 and 2 are',
    ],
    ['minProperties', { minProperties: 1 }, {}, 'it is {}, expected at least 1 property'],
    [
      'maxProperties',
      { maxProperties: 2 },
      { a: 1, b: 2, c: 3 },
      'it is {"a":1,"b":2,"c":3}, expected at most 2 properties',
    ],
    ['anyOf', { anyOf: [{ type: 'string' }, { type: 'null' }] }, 1, 'it is 1, expected a string or null'],
    ['anyOf', { anyOf: [{ const: 'a' }, { const: 'b' }] }, 'c', 'it is "c", expected "a" or "b"'],
    ['anyOf', { anyOf: [note, { type: 'null' }] }, { id: 5 }, '/id is 5, expected a string'],
    ['anyOf', { anyOf: [{ type: 'null' }, note] }, { Id: 'x' }, 'it lacks "id"; did you mean it by "Id"?'],
    ['anyOf', { anyOf: [note, { type: 'null' }] }, 5, 'it is 5, expected an object or null'],
    [
      'anyOf',
      { items: { anyOf: [{ type: 'string', minLength: 1 }, { type: 'number' }] } },
      [''],
      '/0 is "", expected at least 1 character',
    ],
    ['anyOf', { anyOf: [note, { required: ['key'] }] }, {}, 'it is {}, expected one of the alternatives of the schema'],
    [
      'anyOf',
      { anyOf: [1, 2, 3, 4, 5, 6, 7, 8, 9].map((allowed) => ({ const: allowed })) },
      0,
      'it is 0, expected one of the alternatives of the schema',
    ],
    ['oneOf', { oneOf: [{ type: 'string' }, { type: 'null' }] }, 1, 'it is 1, expected a string or null'],
    ['oneOf', { oneOf: [true, true] }, 1, 'it is 1, expected exactly one of the alternatives of the schema'],
    ['not', { not: { const: 1 } }, 1, 'it is 1, expected another value'],
    ['false schema', { properties: { a: false } }, { a: 1 }, '/a is 1, expected nothing here'],
    ['required', { required: ['id'] }, {}, 'it lacks "id"'],
    ['required', { required: ['id'] }, { ID: 1 }, 'it lacks "id"; did you mean it by "ID"?'],
    ['required', { required: ['id'] }, { id: undefined }, 'it lacks "id"'],
    ['required', { required: ['body'] }, { boddy: 1, id: 2 }, 'it lacks "body"; did you mean it by "boddy"?'],
    ['required', { required: ['val2'] }, { val1: 1, val3: 2 }, 'it lacks "val2"'],
    ['additionalProperties', { additionalProperties: false }, { a: 1 }, 'it has "a", which is not declared'],
    ['unevaluatedProperties', { unevaluatedProperties: false }, { a: 1 }, 'it has "a", which is not declared'],
    ['discriminator', shapes, { kind: 'blob' }, '/kind is "blob", which is none of the alternatives'],
    ['discriminator', shapes, { kind: 5 }, '/kind is 5, which is none of the alternatives'],
    ['discriminator', shapes, {}, 'it lacks "kind", which tells the alternatives apart'],
    ['if', { if: { const: 1 }, else: { type: 'string' } }, 5, 'it is 5, expected a string'],
    [
      'another keyword',
      { dependentRequired: { a: ['b'] } },
      { a: 1 },
      'it is {"a":1}, expected a value that must have property b when property a is present',
    ],
  ])('%s: %j', (_, schema, value, want) => {
    expect(explain(schema, value)).toBe(want)
  })

  test.each<[string, string, unknown, string]>([
    ['the place is a pointer', '/notes/1/body', { notes: [0, { body: 5 }] }, '/notes/1/body is 5, expected a string'],
    ['keys with / and ~', '/a~1b/m~0n', { 'a/b': { 'm~n': 5 } }, '/a~1b/m~0n is 5, expected a string'],
    ['keys with controls', '/a\u001b\n\u202e', {}, '/a\\u001b\n\\u202e is undefined, expected a string'],
    ['a key of 1 MB', `/${'x'.repeat(1_000_000)}`, {}, `/${'x'.repeat(198)}… is undefined, expected a string`],
    ['a long value', '', ['x'.repeat(100)], `it is ["${'x'.repeat(77)}…, expected a string`],
  ])('%s', (_, instancePath, value, want) => {
    const violation: Violation = { instancePath, keyword: 'type', params: { type: 'string' } }
    expect(explainViolation(violation, value)).toBe(want)
  })

  test.each<[Violation, string]>([
    [{ instancePath: '', keyword: 'toString', params: {} }, 'it is 1, expected a value that must fit toString'],
    [
      { instancePath: '', keyword: 'mine', params: {}, message: 'must be mine' },
      'it is 1, expected a value that must be mine',
    ],
    [{ instancePath: '', keyword: 'enum', params: {} }, 'it is 1, expected one of the allowed values'],
  ])('a violation that no check of netgen makes: %j', (violation, want) => {
    expect(explainViolation(violation, 1)).toBe(want)
  })
})

test('a huge object with a missing property is explained without a stall', () => {
  const value = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, 1]))
  expect(explain({ required: ['body'] }, value)).toBe('it lacks "body"')
})
