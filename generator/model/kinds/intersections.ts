import type { LoadedValue } from '../../load/loaded-schema.js'
import type { JsonSchema } from '../json.js'
import { isList } from '../loaded-value.js'
import { enterPart, type Position } from '../position.js'
import { createKeywordType } from '../type-node.js'
import type { TypeReader } from '../type-reader.js'
import type { KindRule } from './kind-rule.js'

/** A value of all of several types at once. `unevaluatedProperties` closes it. */
export const INTERSECT: KindRule = {
  structure: ['allOf', 'unevaluatedProperties'],
  read({ keywords }, position, reader) {
    const arms = keywords.get('allOf')
    if (!isList(arms)) {
      reader.report('NG3006', enterPart(position, 'allOf'), 'is no array', 'write Type.Intersect([...])')
      return undefined
    }
    const read = arms.map((arm, index) => reader.read(arm, enterPart(position, 'allOf', index)))
    const readings = read.filter((reading) => reading !== undefined)
    const unevaluated = readUnevaluated(keywords.get('unevaluatedProperties'), position, reader)
    if (readings.length < read.length || unevaluated === undefined) return undefined
    const [first] = readings
    if (first === undefined) return { type: createKeywordType('unknown'), schema: unevaluated }
    return {
      type:
        readings.length === 1 ? first.type : { kind: 'intersection', arms: readings.map((reading) => reading.type) },
      schema: {
        // Written by 0.34, where every arm is an object.
        ...(keywords.get('type') === 'object' && { type: 'object' }),
        allOf: readings.map(({ schema }) => schema),
        ...unevaluated,
      },
    }
  },
}

function readUnevaluated(
  value: LoadedValue | undefined,
  position: Position,
  reader: TypeReader,
): { unevaluatedProperties?: JsonSchema | boolean } | undefined {
  if (value === undefined || value === true) return {}
  if (value === false) return { unevaluatedProperties: false }
  const reading = reader.read(value, enterPart(position, 'unevaluatedProperties'))
  return reading && { unevaluatedProperties: reading.schema }
}
