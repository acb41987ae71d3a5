import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TypeNode } from '../../../generator/model/type-node.js'
import { measureAtLeast } from '../../../generator/text/measure-type.js'
import { printFlat } from '../../../generator/text/print-type.js'

const { type } = fc.letrec<{ type: TypeNode }>((tie) => {
  const types = fc.array(tie('type'), { maxLength: 3 })
  const flags = { optional: fc.boolean(), readonly: fc.boolean() }
  const member = fc.record({ name: fc.string(), type: tie('type'), ...flags })
  const element = fc.record({ type: tie('type'), form: fc.constantFrom('required', 'optional', 'rest') })
  return {
    type: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.record({ kind: fc.constant('keyword'), keyword: fc.constantFrom('any', 'string', 'undefined') }),
      fc.record({ kind: fc.constant('literal'), value: fc.oneof(fc.string(), fc.double(), fc.constant(null)) }),
      fc.record({ kind: fc.constant('reference'), name: fc.constantFrom('N', 'Note') }),
      fc.record({ kind: fc.constant('template'), parts: fc.array(fc.oneof(fc.string(), tie('type'))) }),
      fc.record({ kind: fc.constant('array'), element: tie('type'), readonly: fc.boolean() }),
      fc.record({ kind: fc.constant('tuple'), elements: fc.array(element, { maxLength: 3 }), readonly: fc.boolean() }),
      fc.record({ kind: fc.constant('object'), members: fc.array(member, { maxLength: 3 }) }),
      fc.record({ kind: fc.constant('record'), key: tie('type'), value: tie('type') }),
      fc.record({ kind: fc.constantFrom('union', 'intersection'), arms: types }),
      fc.record({ kind: fc.constant('exclusion'), from: tie('type'), excluded: tie('type') }),
      fc.record({ kind: fc.constant('class'), name: fc.constantFrom('Map', 'URL'), parameters: types }),
      fc.record({ kind: fc.constant('inferred'), exportName: fc.constant('price'), path: fc.array(fc.nat()) }),
    ) as fc.Arbitrary<TypeNode>,
  }
})

test('no type is narrower than it is measured', () => {
  fc.assert(
    fc.property(type, (node) => {
      expect(measureAtLeast(node)).toBeLessThanOrEqual(printFlat(node).columns)
    }),
    { numRuns: 2_000 },
  )
})
