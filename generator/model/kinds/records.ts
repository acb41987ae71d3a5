import type { LoadedValue } from '../../load/loaded-schema.js'
import { takeCount } from '../keywords/keyword-rule.js'
import { takePattern } from '../keywords/pattern.js'
import { isObject } from '../loaded-value.js'
import { enterPart, type Position } from '../position.js'
import { parseTemplate } from '../templates/parse-template.js'
import { type Template, type TemplatePart, typeTemplate, writeTemplatePattern } from '../templates/template.js'
import { createKeywordType, type TypeNode } from '../type-node.js'
import type { TypeReader } from '../type-reader.js'
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
  read({ keywords, marks }, position, reader) {
    const patterns = keywords.get('patternProperties')
    const [entry, ...others] = isObject(patterns) ? [...patterns.entries] : []
    if (entry === undefined || others.length > 0) {
      reader.report('NG3014', position, 'is a record without one kind of keys', 'use Type.Record(key, value)')
      return undefined
    }
    const [pattern, value] = entry
    const isClosed = readClosed(keywords.get('additionalProperties'), position, reader)
    const keys = readKeys(pattern, marks.includes('escaped'), isClosed ?? true, position, reader)
    const reading = reader.read(value, enterPart(position, 'patternProperties', pattern))
    if (reading === undefined || isClosed === undefined || keys === undefined) return undefined
    const codec = reading.codec && { codec: { kind: 'record', value: reading.codec } as const }
    const type = { kind: 'record', key: keys.type, value: reading.type } as const
    // TypeBox's pattern for any text leaves out keys with line breaks, which would then go unchecked.
    if (keys.pattern === undefined) {
      return { type, schema: { type: 'object', additionalProperties: reading.schema }, ...codec }
    }
    return {
      type,
      schema: {
        type: 'object',
        patternProperties: { [keys.pattern]: reading.schema },
        ...(isClosed && { additionalProperties: false }),
      },
      ...codec,
    }
  },
}

/** Whether keys that fit no pattern are refused. Undefined where it was reported. */
function readClosed(value: LoadedValue | undefined, position: Position, reader: TypeReader): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value === false
  const remedy = 'write true or false, or leave it out'
  reader.report('NG3006', enterPart(position, 'additionalProperties'), 'is neither true nor false', remedy)
  return undefined
}

interface Keys {
  readonly type: TypeNode
  /** Which keys the values are checked for; absent: all. */
  readonly pattern?: string
}

function readKeys(
  pattern: string,
  isEscaped: boolean,
  isClosed: boolean,
  position: Position,
  reader: TypeReader,
): Keys | undefined {
  if (TEXT_KEYS.has(pattern)) return { type: createKeywordType('string') }
  if (NUMBER_KEYS.has(pattern)) return { type: createKeywordType('number'), pattern }
  const template = parseTemplate(pattern, isEscaped)
  const isTemplate = template !== undefined && isKeyTemplate(template, isEscaped)
  const written = isTemplate ? `^${writeTemplatePattern(template)}$` : pattern
  if (takePattern(written, enterPart(position, 'patternProperties', pattern), reader) === undefined) return undefined
  if (isTemplate) return { type: typeTemplate(template), pattern: written }
  // Its TypeScript type is a record of all texts.
  if (isClosed) return { type: createKeywordType('string'), pattern }
  const finding = `is a record with ${JSON.stringify(pattern)} keys that says nothing of other keys, though its type does`
  reader.report('NG3014', position, finding, 'add { additionalProperties: false }, or use Type.String() as the key')
  return undefined
}

/**
 * Whether a pattern that can be read as a template is one, and not the pattern of a `Type.String`: TypeBox tells keys apart by
 * nothing else, and makes properties of templates without a slot. In 1.x, where fixed text is not escaped, one that holds a
 * special character is taken for a pattern.
 */
function isKeyTemplate(template: Template, isEscaped: boolean): boolean {
  const isPlain = (part: TemplatePart): boolean =>
    part.is === 'text'
      ? isEscaped || !/[\\^.*+?[\]{}]/.test(part.text)
      : part.is === 'slot' || part.arms.flat().every(isPlain)
  return template.some(({ is }) => is !== 'text') && template.every(isPlain)
}
