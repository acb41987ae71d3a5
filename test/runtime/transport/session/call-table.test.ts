import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CallTable } from '../../../../runtime/transport/session/call-table.js'

interface Call {
  readonly id: number
}

/** A table with the calls of these ids. */
function fill(ids: readonly number[]): CallTable<Call> {
  const table = new CallTable<Call>()
  for (const id of ids) table.add({ id })
  return table
}

const create = (count: number, first = 1): number[] => Array.from({ length: count }, (_, index) => first + 2 * index)

test('holds what a Map would, however long calls take', () => {
  // Each step makes so many calls, then ends those whose turn it is.
  const steps = fc.array(fc.tuple(fc.nat(40), fc.array(fc.nat(1_000), { maxLength: 40 })), { maxLength: 60 })
  fc.assert(
    fc.property(steps, fc.constantFrom(1, 2, 2 ** 32 - 9, 2 ** 52 + 1), (each, first) => {
      const table = new CallTable<Call>()
      const model = new Map<number, Call>()
      let id = first
      for (const [calls, ended] of each) {
        for (let count = 0; count < calls; count++, id += 2) {
          table.add({ id })
          model.set(id, { id })
        }
        for (const turn of ended) {
          const call = table.get(first + 2 * turn)
          expect(call).toEqual(model.get(first + 2 * turn))
          if (call !== undefined) table.remove(call)
          model.delete(first + 2 * turn)
        }
        expect(table.size).toBe(model.size)
      }
      expect(table.list()).toEqual([...model.values()])
    }),
  )
})

describe('finds nothing', () => {
  test.each([
    ['of the other side', 2],
    ['after it was taken out', 3],
    ['that leads to the place of another', 1 + 2 * 32],
    ['that leads there and is beyond 32 bits', 1 + 2 ** 33],
    ['of no call', 0],
    ['that is the greatest', Number.MAX_SAFE_INTEGER],
  ])('for an id %s', (_, id) => {
    const table = fill([1, 3])
    const second = table.get(3) ?? expect.fail('expected the call')
    table.remove(second)
    expect(table.get(id)).toBe(undefined)
    expect(table.size).toBe(1)
  })
})

test.each([1, 33, 1_024, 1_025, 3_000])('%i calls at once are found, and taken in their order', (count) => {
  const ids = create(count)
  const table = fill(ids)
  expect(ids.map((id) => table.get(id)?.id)).toEqual(ids)
  expect(table.takeAll().map(({ id }) => id)).toEqual(ids)
  expect([table.size, table.list(), table.get(1)]).toEqual([0, [], undefined])
})

test('a call that takes long keeps its place while a million others come and go', () => {
  const table = fill([1])
  for (const id of create(1_000_000, 3)) {
    table.add({ id })
    const call = table.get(id) ?? expect.fail(`expected ${id}`)
    table.remove(call)
  }
  expect([table.size, table.list()]).toEqual([1, [{ id: 1 }]])
})
