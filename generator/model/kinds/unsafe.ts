import type { LoadedValue } from '../../load/loaded-schema.js'
import type { JsonSchema, JsonValue } from '../json.js'
import { ANNOTATION_RULES } from '../keywords/annotations.js'
import { takeIntegerFormat, takeNumberFormat, takeStringFormat } from '../keywords/format.js'
import {
  type KeywordRule,
  takeBoolean,
  takeCount,
  takeJson,
  takeNumber,
  takePositiveNumber,
  takeText,
} from '../keywords/keyword-rule.js'
import { takePattern } from '../keywords/pattern.js'
import { isList, isObject, isSchema } from '../loaded-value.js'
import { passPatterns } from '../patterns/pass-patterns.js'
import { describeValue } from '../plain-value.js'
import { enterPart, type Position } from '../position.js'
import { createKeywordType } from '../type-node.js'
import type { TypeReader } from '../type-reader.js'
import type { KindRule } from './kind-rule.js'

const JSON_TYPES: readonly LoadedValue[] = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object']

/** What `Type.Unsafe` is given for types that netgen has codecs for. */
const CODEC_OF_TYPE: ReadonlyMap<LoadedValue | undefined, string> = new Map([
  ['Date', 'date()'],
  ['date', 'date()'],
  ['bigint', 'bigint()'],
  ['Uint8Array', 'bytes()'],
  ['URL', 'url()'],
  ['Map', 'map()'],
  ['Set', 'set()'],
])

const VALUE_RULES: ReadonlyMap<string, KeywordRule> = new Map([
  ['const', takeJson],
  ['enum', takeJson],
  ['required', takeJson],
  ['minimum', takeNumber],
  ['maximum', takeNumber],
  ['exclusiveMinimum', takeNumber],
  ['exclusiveMaximum', takeNumber],
  ['multipleOf', takePositiveNumber],
  ['minLength', takeCount],
  ['maxLength', takeCount],
  ['pattern', takePattern],
  ['minItems', takeCount],
  ['maxItems', takeCount],
  ['uniqueItems', takeBoolean],
  ['minContains', takeCount],
  ['maxContains', takeCount],
  ['minProperties', takeCount],
  ['maxProperties', takeCount],
])

const FORMAT_RULES: ReadonlyMap<LoadedValue | undefined, KeywordRule> = new Map([
  ['number', takeNumberFormat],
  ['integer', takeIntegerFormat],
])

const PARTS = new Set(['additionalProperties', 'contains', 'items', 'not', 'unevaluatedProperties'])
const PART_LISTS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])
const PART_MAPS = new Set(['patternProperties', 'properties'])

/** Plain JSON Schema that `Type.Unsafe` gave a TypeScript type. Its keywords are checked and copied; the type is inferred. */
export const UNSAFE: KindRule = {
  limits: Object.fromEntries(VALUE_RULES),
  structure: ['format', ...PARTS, ...PART_LISTS, ...PART_MAPS],
  read({ keywords }, position, reader) {
    const type = keywords.get('type')
    if (!isJsonType(type)) {
      reportForeignType(type, position, reader)
      return undefined
    }
    const known = [...keywords].filter(([keyword]) => keyword === 'type' || STRUCTURE.has(keyword))
    const schema = copyKeywords(new Map(known), position, reader)
    return schema && { type: createKeywordType('unknown'), schema }
  },
}

const STRUCTURE: ReadonlySet<string> = new Set(UNSAFE.structure)

const KNOWN_KEYWORDS: readonly string[] = ['type', ...STRUCTURE, ...VALUE_RULES.keys()]

function isJsonType(type: LoadedValue | undefined): boolean {
  return isList(type) ? type.length > 0 && type.every(isJsonType) : type !== undefined && JSON_TYPES.includes(type)
}

function reportForeignType(type: LoadedValue | undefined, position: Position, reader: TypeReader): void {
  const codec = CODEC_OF_TYPE.get(type)
  const finding = `is unsafe with ${type === undefined ? 'no type' : `the type ${describeValue(type)}`}, which JSON does not have`
  const known = 'give the type that travels: null, boolean, number, integer, string, array or object'
  const remedy = codec === undefined ? known : `use ${codec} of netgen/schema, which converts at both ends`
  reader.report('NG3003', position, finding, remedy)
}

/** Copies JSON Schema, schemas of TypeBox inside it included. Answers undefined where something was reported. */
function copyKeywords(
  keywords: ReadonlyMap<string, LoadedValue>,
  position: Position,
  reader: TypeReader,
): JsonSchema | undefined {
  const type = keywords.get('type')
  const copied = Array.from(keywords, ([keyword, value]): [string, JsonValue | undefined] => {
    const copy = keyword === 'format' ? (FORMAT_RULES.get(type) ?? takeStringFormat) : findCopier(keyword, reader)
    return [keyword, copy(value, enterPart(position, keyword), reader)]
  })
  if (copied.some(([, value]) => value === undefined)) return undefined
  const whole = Object.fromEntries(copied) as JsonSchema
  if (!passPatterns(whole, position, reader)) return undefined
  // Beyond them JSON.parse rounds.
  const bounds = type === 'integer' && { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }
  return { ...bounds, ...whole }
}

function findCopier(keyword: string, reader: TypeReader): KeywordRule {
  if (keyword === 'type') return takeType
  if (PARTS.has(keyword)) return (value, place) => copyPart(value, place, reader)
  if (PART_LISTS.has(keyword)) return (value, place) => copyPartList(value, place, reader)
  const takeName = keyword === 'patternProperties' ? takePattern : takeText
  if (PART_MAPS.has(keyword)) return (value, place) => copyPartMap(value, place, reader, takeName)
  return VALUE_RULES.get(keyword) ?? ANNOTATION_RULES.get(keyword) ?? refuseKeyword
}

const takeType: KeywordRule = (value, position, reporter) => {
  if (isJsonType(value)) return value as JsonValue
  reporter.report(
    'NG3006',
    position,
    `is ${describeValue(value)}, not a type of JSON`,
    `write one of ${JSON_TYPES.join(', ')}`,
  )
  return undefined
}

const refuseKeyword: KeywordRule = (_, position, reporter) => {
  const known = `Type.Unsafe takes ${KNOWN_KEYWORDS.join(', ')}`
  reporter.report('NG3005', position, 'is a keyword that Type.Unsafe does not have here', known)
  return undefined
}

function copyPart(value: LoadedValue, position: Position, reader: TypeReader): JsonValue | undefined {
  if (typeof value === 'boolean') return value
  if (isSchema(value)) return reader.read(value, position)?.schema
  if (isObject(value)) return copyKeywords(value.entries, position, reader)
  reader.report('NG3006', position, `is ${describeValue(value)}, not a schema`, 'write a schema')
  return undefined
}

function copyPartList(value: LoadedValue, position: Position, reader: TypeReader): JsonValue | undefined {
  const parts = isList(value) ? value.map((part, index) => copyPart(part, enterPart(position, index), reader)) : []
  const found = parts.filter((part) => part !== undefined)
  if (isList(value)) return found.length === parts.length ? found : undefined
  reader.report('NG3006', position, `is ${describeValue(value)}, not an array`, 'write an array of schemas')
  return undefined
}

function copyPartMap(
  value: LoadedValue,
  position: Position,
  reader: TypeReader,
  takeName: KeywordRule,
): JsonValue | undefined {
  if (!isObject(value)) {
    reader.report('NG3006', position, `is ${describeValue(value)}, not an object`, 'write an object of schemas')
    return undefined
  }
  const parts = Array.from(value.entries, ([name, part]) => {
    const place = enterPart(position, name)
    return [name, takeName(name, place, reader) === undefined ? undefined : copyPart(part, place, reader)] as const
  })
  return parts.some(([, part]) => part === undefined) ? undefined : (Object.fromEntries(parts) as JsonSchema)
}
