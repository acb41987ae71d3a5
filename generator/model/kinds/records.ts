import { takeCount } from '../keywords/keyword-rule.js'
import { isObject } from '../loaded-value.js'
import { enterPart } from '../position.js'
import type { KindRule } from './kind-rule.js'

/** What TypeBox 1.x and 0.34 write for keys that are any text. */
const TEXT_KEYS: ReadonlySet<string> = new Set(['^.*$', '^(.*)$'])

/** What they write for numbers and integers. */
const NUMBER_KEYS: ReadonlySet<string> = new Set([
  '^-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?$',
  '^-?(?:0|[1-9][0-9]*)$',
  '^(0|[1-9][0-9]*)$',
])

/** Values of one type under keys that are not known beforehand. */
export const RECORD: KindRule = {
  limits: { minProperties: takeCount, maxProperties: takeCount },
  structure: ['patternProperties', 'additionalProperties'],
  read({ keywords }, position, reader) {
    const patterns = keywords.get('patternProperties')
    const [entry, ...others] = isObject(patterns) ? [...patterns.entries] : []
    const isText = entry !== undefined && TEXT_KEYS.has(entry[0])
    const isNumber = entry !== undefined && NUMBER_KEYS.has(entry[0])
    if (entry === undefined || others.length > 0 || (!isText && !isNumber)) {
      const shown = entry === undefined ? 'no' : JSON.stringify(entry[0])
      const remedy = 'use Type.String(), Type.Number(), Type.Integer() or a union of literals as the key'
      reader.report('NG3014', position, `is a record with ${shown} keys, which have no generated type yet`, remedy)
      return undefined
    }
    const [pattern, value] = entry
    const reading = reader.read(value, enterPart(position, 'patternProperties', pattern))
    if (reading === undefined) return undefined
    const type = { kind: 'record', key: isText ? 'string' : 'number', value: reading.type } as const
    // TypeBox's pattern for any text leaves out keys with line breaks, which would then go unchecked.
    if (isText) return { type, schema: { type: 'object', additionalProperties: reading.schema } }
    const additional = keywords.get('additionalProperties')
    if (additional !== undefined && typeof additional !== 'boolean') {
      const remedy = 'write true or false, or leave it out'
      reader.report('NG3006', enterPart(position, 'additionalProperties'), 'is neither true nor false', remedy)
      return undefined
    }
    return {
      type,
      schema: {
        type: 'object',
        patternProperties: { [pattern]: reading.schema },
        ...(additional === false && { additionalProperties: false }),
      },
    }
  },
}
