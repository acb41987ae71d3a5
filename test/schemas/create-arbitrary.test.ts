import { Type as OlderType } from '@sinclair/typebox'
import { fullFormats } from 'ajv-formats/dist/formats.js'
import fc from 'fast-check'
import { createArbitrary } from 'netgen/testing/arbitrary'
import { expect, expectTypeOf, test } from 'vitest'
import { STRING_FORMATS } from '../../generator/model/keywords/format.js'
import { type AnySchema, bigint, bytes, date, map, set, Type, url } from '../../schemas/schema.js'

function sample<Value>(values: fc.Arbitrary<Value>): Value[] {
  return fc.sample(values, { numRuns: 100, seed: 1 })
}

test('values are typed, and those of the application', () => {
  const Note = Type.Object({
    at: date(),
    size: Type.Optional(bigint()),
    of: map(Type.String(), set(url())),
    raw: bytes(),
  })
  const notes = createArbitrary(Note)
  expectTypeOf(notes).toEqualTypeOf<
    fc.Arbitrary<{ at: Date; size?: bigint; of: Map<string, Set<URL>>; raw: Uint8Array }>
  >()
  for (const { at, size, of, raw } of sample(notes)) {
    expect(at).toBeInstanceOf(Date)
    expect(['bigint', 'undefined']).toContain(typeof size)
    expect([...of.values()].flatMap((urls) => [...urls]).every((link) => link instanceof URL)).toBe(true)
    expect(raw).toBeInstanceOf(Uint8Array)
  }
})

test("a codec's values are decoded, a refinement's are those that it lets pass", () => {
  const length = Type.Codec(Type.String())
    .Decode((text) => text.length)
    .Encode((count) => '-'.repeat(count))
  const even = Type.Refine(Type.Integer(), (value) => value % 2 === 0)
  const older = OlderType.Transform(OlderType.String())
    .Decode((text) => text.length)
    .Encode((count) => '-'.repeat(count))
  expect(sample(createArbitrary(length)).every(Number.isInteger)).toBe(true)
  expect(sample(createArbitrary(older)).every(Number.isInteger)).toBe(true)
  expect(sample(createArbitrary(even)).every((value) => Math.abs(value % 2) === 0)).toBe(true)
})

test('recursive types come to an end, by references, through optional members and through unions', () => {
  const Tree = Type.Cyclic(
    {
      Tree: Type.Object({
        left: Type.Optional(Type.Ref('Tree')),
        right: Type.Optional(Type.Ref('Tree')),
        all: Type.Array(Type.Ref('Tree')),
        either: Type.Union([Type.Ref('Tree'), Type.Null()]),
      }),
    },
    'Tree',
  )
  expect(sample(createArbitrary(Tree))).toHaveLength(100)
  expect(sample(createArbitrary(Type.Object({ id: Type.Null(), inner: Type.Array(Type.This()) })))).toHaveLength(100)
})

test('limits hold, and every length, optional member and arm occurs', () => {
  const values = sample(
    createArbitrary(
      Type.Object({
        text: Type.String({ minLength: 2, maxLength: 3 }),
        count: Type.Integer({ exclusiveMinimum: 0, maximum: 30, multipleOf: 10 }),
        part: Type.Optional(Type.Number({ minimum: 0, exclusiveMaximum: 1 })),
        row: Type.Tuple([Type.Null(), Type.Optional(Type.Literal(1)), Type.Rest(Type.Array(Type.Literal(2)))]),
        key: Type.TemplateLiteral('${"a" | "b"}.${integer}'),
      }),
    ),
  )
  expect(new Set(values.map(({ text }) => Array.from(text).length))).toEqual(new Set([2, 3]))
  expect(new Set(values.map(({ count }) => count))).toEqual(new Set([10, 20, 30]))
  expect(new Set(values.map(({ part }) => part === undefined || (part >= 0 && part < 1)))).toEqual(new Set([true]))
  expect(new Set(values.map(({ row }) => Math.min(row.length, 3)))).toEqual(new Set([1, 2, 3]))
  expect(values.filter(({ key }) => !/^[ab]\.-?\d+$/.test(key))).toEqual([])
})

test.each([...STRING_FORMATS])('texts of the format %s are valid', (format) => {
  const rule = fullFormats[format as keyof typeof fullFormats] as unknown
  const isValid = (text: string): boolean => {
    if (rule instanceof RegExp) return rule.test(text)
    if (typeof rule === 'function') return rule(text) as boolean
    return typeof rule === 'boolean' || isValidBy(rule as { validate: unknown }, text)
  }
  expect(sample(createArbitrary(Type.String({ format }))).filter((text) => !isValid(text))).toEqual([])
})

function isValidBy({ validate }: { readonly validate: unknown }, text: string): boolean {
  return validate instanceof RegExp ? validate.test(text) : (validate as (text: string) => boolean)(text)
}

const REFUSED: [AnySchema, string][] = [
  [Type.Never(), 'schema allows no value'],
  [
    Type.Object({ a: Type.Array(Type.Symbol()) }),
    'schema at /properties/a/items is of the kind "Symbol", for which no values can be made: give an arbitrary for it with override',
  ],
  [
    Type.String({ format: 'phone' }),
    'schema has the format "phone", which no check knows: give an arbitrary for it with override',
  ],
  [
    Type.String({ pattern: '^(?=a)' }),
    'schema has the pattern /^(?=a)/u, for which no values can be made: give an arbitrary for it with override',
  ],
  [Type.Ref('Nowhere'), 'schema refers to "Nowhere", which is not there: give an arbitrary for it with override'],
]

test.each(REFUSED)('a schema that no values can be made for is refused: %o', (schema, message) => {
  expect(() => createArbitrary(schema)).toThrow(new TypeError(message))
})

test('a part can have values of its own', () => {
  const Phone = Type.String({ format: 'phone' })
  const override = (schema: object): fc.Arbitrary<string> | undefined => {
    return schema === Phone ? fc.constant('555-0100') : undefined
  }
  expect(sample(createArbitrary(Type.Array(Phone, { minItems: 1 }), { override })).flat()).toContain('555-0100')
})
