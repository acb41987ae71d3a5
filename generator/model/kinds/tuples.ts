import type { LoadedValue } from '../../load/loaded-schema.js'
import { isList, isSchema } from '../loaded-value.js'
import { enterPart, type Position } from '../position.js'
import type { TupleElement } from '../type-node.js'
import type { TypeReader } from '../type-reader.js'
import type { TypeReading } from '../type-reading.js'
import type { KindRule } from './kind-rule.js'

/**
 * A fixed row of types; the last ones may be optional, and the very last may be `Type.Rest` of an array.
 *
 * TypeBox writes tuples as draft 7 does, and counts optional elements in `minItems`; both are put right here.
 */
export const TUPLE: KindRule = {
  structure: ['items', 'additionalItems', 'minItems', 'maxItems'],
  read({ keywords, marks }, position, reader) {
    const items = keywords.get('items') ?? []
    if (!isList(items)) {
      reader.report('NG3006', enterPart(position, 'items'), 'is no array', 'write Type.Tuple([...])')
      return undefined
    }
    const read = items.map((_, index) => readElement(items, index, enterPart(position, 'items', index), reader))
    const elements = read.filter((element) => element !== undefined)
    if (elements.length < read.length) return undefined
    const rest = elements.find(({ form }) => form === 'rest')
    const fixed = elements.filter(({ form }) => form !== 'rest')
    const required = fixed.filter(({ form }) => form === 'required')
    const prefixItems = fixed.map(({ schema }) => schema)
    return {
      type: {
        kind: 'tuple',
        elements: elements.map(({ type, form }) => ({ type, form })),
        readonly: marks.includes('immutable'),
      },
      schema: {
        type: 'array',
        minItems: required.length,
        ...(rest === undefined && { maxItems: fixed.length }),
        ...(prefixItems.length > 0 && { prefixItems }),
        items: rest?.schema ?? false,
      },
      ...(elements.some(({ codec }) => codec !== undefined) && {
        codec: { kind: 'tuple', items: fixed.map(({ codec }) => codec), rest: rest?.codec },
      }),
    }
  },
}

type ReadElement = TypeReading & TupleElement

function readElement(
  items: readonly LoadedValue[],
  index: number,
  position: Position,
  reader: TypeReader,
): ReadElement | undefined {
  const item = items[index]
  const before = items[index - 1]
  if (isSchema(item) && item.kind === 'Rest') {
    return readRest(item.keywords.get('items'), index === items.length - 1, position, reader)
  }
  if (isSchema(before) && before.optional && isSchema(item) && !item.optional) {
    const remedy = 'put optional elements last, or use a union with Type.Null()'
    reader.report('NG3002', position, 'is a required element behind an optional one', remedy)
    return undefined
  }
  if (isSchema(item) && item.readonly) {
    const remedy = 'use Type.Immutable for the whole tuple'
    reader.report('NG3008', position, 'has Type.Readonly, which means nothing for one element', remedy)
    return undefined
  }
  const reading = reader.read(item, position, 'allowed')
  return reading && { ...reading, form: isSchema(item) && item.optional ? 'optional' : 'required' }
}

function readRest(
  items: LoadedValue | undefined,
  isLast: boolean,
  position: Position,
  reader: TypeReader,
): ReadElement | undefined {
  if (!isLast || !isSchema(items) || items.kind !== 'Array') {
    const remedy = 'write Type.Rest(Type.Array(...)) as the last element'
    reader.report('NG3002', position, 'is a rest that is not an array at the end of a tuple', remedy)
    return undefined
  }
  const reading = reader.read(items.keywords.get('items'), enterPart(position, 'items', 'items'))
  return reading && { ...reading, form: 'rest' }
}
