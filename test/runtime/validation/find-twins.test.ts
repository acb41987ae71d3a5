import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findTwins } from '../../../runtime/validation/find-twins.js'
import { isDeepEqual } from '../../../runtime/validation/is-deep-equal.js'

describe('two equal items of an array', () => {
  test.each<[string, readonly unknown[], readonly [number, number] | undefined]>([
    ['none', [], undefined],
    ['texts', ['a', 'b', 'a'], [0, 2]],
    ['a text and a number', ['1', 1, 'null', null, 'true', true], undefined],
    ['a text and what it says', ['{}', {}, '[]', [], '[1]', [1]], undefined],
    ['objects in another order', [{ a: 1, b: [2] }, 0, { b: [2], a: 1 }], [0, 2]],
    ['objects of other keys', [{ a: 1 }, { b: 1 }, { 'a":1,"b': 1 }, { a: 1, b: 1 }], undefined],
    [
      'lists in another order',
      [
        [1, 2],
        [2, 1],
      ],
      undefined,
    ],
    ['lists of lists', [[[]], [], [[], []], [[]]], [0, 3]],
    ['a list and an object', [[], {}, [['a', 1]], { a: 1 }], undefined],
    ['objects of one shape', [{ a: { b: 1 } }, { a: { b: 2 } }, { a: { b: 1 } }], [0, 2]],
    ['zeros', [0, -0], [0, 1]],
    ['names of a prototype', ['__proto__', 'toString', '__proto__'], [0, 2]],
    ['the pair that ends first', ['a', 'b', 'b', 'a'], [1, 2]],
  ])('are found: %s', (_, items, want) => {
    expect(findTwins(items)).toEqual(want)
  })

  test('are those that comparing all with all finds', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 8 }), (items) => {
        const last = items.findIndex((item, at) => items.slice(0, at).some((other) => isDeepEqual(other, item)))
        const first = items.findIndex((other) => last !== -1 && isDeepEqual(other, items[last]))
        expect(findTwins(items)).toEqual(last === -1 ? undefined : [first, last])
      }),
    )
  })
})
