import type { LoadedValue } from '../../load/loaded-schema.js'
import { type CodecDraft, draftMisplaced, joinDrafts } from '../codecs/codec-draft.js'
import { isList } from '../loaded-value.js'
import { enterPart, type Position } from '../position.js'
import { createKeywordType } from '../type-node.js'
import type { TypeReader } from '../type-reader.js'
import type { TypeReading } from '../type-reading.js'
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
    if (first === undefined) return { type: createKeywordType('unknown'), ...unevaluated }
    const parts = [...readings, unevaluated].flatMap(({ codec }) => codec ?? [])
    return {
      type:
        readings.length === 1 ? first.type : { kind: 'intersection', arms: readings.map((reading) => reading.type) },
      schema: {
        // Written by 0.34, where every arm is an object.
        ...(keywords.get('type') === 'object' && { type: 'object' }),
        allOf: readings.map(({ schema }) => schema),
        ...unevaluated.schema,
      },
      ...(parts.length > 0 && { codec: draftAll(parts, readings.length, position) }),
    }
  },
}

function readUnevaluated(
  value: LoadedValue | undefined,
  position: Position,
  reader: TypeReader,
): Omit<TypeReading, 'type'> | undefined {
  if (value === undefined || value === true) return { schema: {} }
  if (value === false) return { schema: { unevaluatedProperties: false } }
  const place = enterPart(position, 'unevaluatedProperties')
  const reading = reader.read(value, place)
  if (reading === undefined) return undefined
  const misplaced = joinDrafts(draftMisplaced(reading.codec, place), place)
  return { schema: { unevaluatedProperties: reading.schema }, ...misplaced }
}

/** Types that hold no codec count too: what is converted at every property is so at theirs. */
function draftAll(parts: readonly CodecDraft[], types: number, position: Position): CodecDraft {
  const [only] = parts
  return types === 1 && parts.length === 1 && only !== undefined ? only : { kind: 'intersection', parts, position }
}
