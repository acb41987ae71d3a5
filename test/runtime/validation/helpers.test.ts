import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countCodePoints } from '../../../runtime/validation/count-code-points.js'
import { isDeepEqual } from '../../../runtime/validation/is-deep-equal.js'
import { anyText } from '../arbitrary-text.js'

// What ajv's own code calls, which generated checks exchange for netgen's functions.
const require = createRequire(import.meta.url)
const { default: ucs2length } = require('ajv/dist/runtime/ucs2length') as { default: (text: string) => number }
const { default: equal } = require('ajv/dist/runtime/equal') as {
  default: (left: unknown, right: unknown) => boolean
}

describe('the length of a text', () => {
  test.each<[string, number]>([
    ['', 0],
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 2],
    ['😀', 1],
    ['👨‍👩‍👧', 5],
    ['\ud83d', 1],
    ['\ude00\ud83d', 2],
    ['\ud83d\ud83d\ude00', 2],
    ['a\ud83d', 2],
  ])('%j has %i code points', (text, want) => {
    expect(countCodePoints(text)).toBe(want)
  })

  test("is ajv's for any text, lone surrogates included", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(countCodePoints(text)).toBe(ucs2length(text))
      }),
    )
  })
})

describe('two JSON values', () => {
  test.each<[unknown, unknown, boolean]>([
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: 1 }, { a: 1, b: undefined }, false],
    [[1, 2], [2, 1], false],
    [[], {}, false],
    [{}, [], false],
    [null, {}, false],
    [{}, null, false],
    [0, -0, true],
    ['1', 1, false],
    [{ toString: 1 }, {}, false],
    [{ a: undefined }, { toString: undefined }, false],
    [{ constructor: 1 }, { constructor: 1 }, true],
  ])('%j and %j are equal: %s', (left, right, want) => {
    expect(isDeepEqual(left, right)).toBe(want)
  })

  test("are equal as ajv has it, for pairs that differ and copies that don't", () => {
    const values = fc.jsonValue({ maxDepth: 4 })
    fc.assert(
      fc.property(values, values, (left, right) => {
        fc.pre(!/"(?:__proto__|valueOf|toString|constructor)":/.test(JSON.stringify([left, right])))
        expect(isDeepEqual(left, right)).toBe(equal(left, right))
        expect(isDeepEqual(left, structuredClone(left))).toBe(true)
      }),
    )
  })
})
