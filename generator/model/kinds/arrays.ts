import { type CodecDraft, draftMisplaced, joinDrafts } from '../codecs/codec-draft.js'
import { takeBoolean, takeCount } from '../keywords/keyword-rule.js'
import { enterPart } from '../position.js'
import type { KindRule } from './kind-rule.js'

/** Any number of items of one type. */
export const ARRAY: KindRule = {
  limits: {
    minItems: takeCount,
    maxItems: takeCount,
    uniqueItems: takeBoolean,
    minContains: takeCount,
    maxContains: takeCount,
  },
  structure: ['items', 'contains'],
  read({ keywords, marks }, position, reader) {
    if (keywords.get('uniqueItems') === true && !keywords.has('maxItems')) {
      const finding = 'has uniqueItems, but no maxItems: comparing all with all takes too long where there are many'
      reader.report('NG3011', position, finding, 'add maxItems, as small as the data allows')
    }
    const items = reader.read(keywords.get('items'), enterPart(position, 'items'))
    const contains = keywords.has('contains')
      ? reader.read(keywords.get('contains'), enterPart(position, 'contains'))
      : { schema: undefined, codec: undefined }
    if (items === undefined || contains === undefined) return undefined
    const misplaced = draftMisplaced(contains.codec, enterPart(position, 'contains'))
    const parts: CodecDraft[] = items.codec === undefined ? [] : [{ kind: 'array', item: items.codec }]
    return {
      type: { kind: 'array', element: items.type, readonly: marks.includes('immutable') },
      schema: { type: 'array', items: items.schema, ...(contains.schema && { contains: contains.schema }) },
      ...joinDrafts([...parts, ...misplaced], position),
    }
  },
}
