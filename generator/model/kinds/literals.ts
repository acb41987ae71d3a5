import type { LoadedValue } from '../../load/loaded-schema.js'
import { isList } from '../loaded-value.js'
import { describeValue } from '../plain-value.js'
import type { TypeNode } from '../type-node.js'
import type { KindRule } from './kind-rule.js'

/** A value that a literal type can have and JSON can hold. */
export type LiteralValue = string | number | boolean | null

/** Exactly one value. */
export const LITERAL: KindRule = {
  structure: ['const'],
  read({ keywords }, position, reader) {
    const value = keywords.get('const')
    if (isLiteralValue(value)) return { type: { kind: 'literal', value }, schema: { const: value } }
    const remedy = 'write a string, a finite number or a boolean; a bigint can travel as Type.String()'
    reader.report('NG3015', position, `is a literal of ${describeValue(value)}, which JSON cannot hold`, remedy)
    return undefined
  },
}

/** One of several values. */
export const ENUM: KindRule = {
  structure: ['enum'],
  read({ keywords }, position, reader) {
    const values = keywords.get('enum')
    if (!isList(values) || values.length === 0 || !values.every(isLiteralValue)) {
      const foreign = isList(values) ? values.find((value) => !isLiteralValue(value)) : values
      const finding =
        isList(values) && values.length === 0 ? 'is an enum of nothing' : `is an enum of ${describeValue(foreign)}`
      reader.report('NG3015', position, finding, 'list strings, finite numbers, booleans or null, one at least')
      return undefined
    }
    return createChoice(values)
  },
}

/** The type and schema of one value out of several. */
export function createChoice(values: readonly LiteralValue[]): { type: TypeNode; schema: { enum: LiteralValue[] } } {
  const different = [...new Set(values)]
  const arms = different.map((value): TypeNode => ({ kind: 'literal', value }))
  const [only] = arms
  return { type: arms.length === 1 && only ? only : { kind: 'union', arms }, schema: { enum: different } }
}

/** Whether a loaded value can be a literal. */
export function isLiteralValue(value: LoadedValue | undefined): value is LiteralValue {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
