import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { BUILDERS, suggestBuilder } from '../../../generator/load/suggest-builder.js'

test.each([
  ['Strng', 'did you mean Type.String?'],
  ['string', 'did you mean Type.String?'],
  ['Bool', undefined],
  ['Int', undefined],
  ['Date', 'use date() of netgen/schema'],
  ['Uint8Array', 'use bytes() of netgen/schema'],
  ['Whatever', undefined],
  ['constructor', undefined],
])('for Type.%s', (name, want) => {
  expect(suggestBuilder(name)).toBe(want)
})

test('suggests nothing that TypeBox does not have', () => {
  expect(BUILDERS.filter((name) => !Object.hasOwn(Type, name))).toEqual([])
})
