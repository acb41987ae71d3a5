import { draftMisplaced, joinDrafts } from '../codecs/codec-draft.js'
import { enterPart } from '../position.js'
import type { KindRule } from './kind-rule.js'

/** One type for values of a certain type, and another for all other values. */
export const DEPENDENT: KindRule = {
  structure: ['if', 'then', 'else'],
  read({ keywords }, position, reader) {
    const read = ['if', 'then', 'else'].map((keyword) => {
      const place = enterPart(position, keyword)
      const reading = reader.read(keywords.get(keyword), place)
      return reading && { ...reading, keyword, misplaced: draftMisplaced(reading.codec, place) }
    })
    const parts = read.filter((part) => part !== undefined)
    const [condition, consequence, otherwise] = parts
    if (condition === undefined || consequence === undefined || otherwise === undefined) return undefined
    return {
      type: {
        kind: 'union',
        arms: [
          { kind: 'intersection', arms: [condition.type, consequence.type] },
          { kind: 'exclusion', from: otherwise.type, excluded: condition.type },
        ],
      },
      schema: Object.fromEntries(parts.map(({ keyword, schema }) => [keyword, schema])),
      ...joinDrafts(
        parts.flatMap(({ misplaced }) => misplaced),
        position,
      ),
    }
  },
}
