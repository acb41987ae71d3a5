import { findNearest } from '../diagnostics/find-nearest.js'
import type { SchemaNode } from '../load/loaded-schema.js'
import type { JsonSchema, JsonValue } from './json.js'
import { ANNOTATION_RULES, DROPPED_KEYWORDS } from './keywords/annotations.js'
import type { KindRule } from './kinds/kind-rule.js'
import { nameKind } from './kinds/netgen-codecs.js'
import { REFUSED_KINDS, refuseUnknownKind } from './kinds/refused-kinds.js'
import { IMMUTABLE_KINDS, SUPPORTED_KINDS } from './kinds/supported-kinds.js'
import { passPatterns } from './patterns/pass-patterns.js'
import { enterPart, type Position } from './position.js'
import { readMarks } from './read-marks.js'
import type { TypeReader } from './type-reader.js'
import type { TypeReading } from './type-reading.js'

/** A message may be 64 levels deep; a schema that is nested deeper describes none. */
const MAX_SCHEMA_LEVELS = 64

/**
 * Reads one schema by the rule of its kind, whether or not it has a name elsewhere. Answers undefined where it, or
 * something in it, was reported.
 */
export function readNode(
  node: SchemaNode,
  name: string | undefined,
  outside: Position,
  reader: TypeReader,
): TypeReading | undefined {
  if (outside.around.some((outer) => outer.node === node) || outside.around.length === MAX_SCHEMA_LEVELS) {
    const remedy = 'write types that contain themselves with Type.Cyclic'
    reader.report('NG3016', outside, `is nested deeper than ${MAX_SCHEMA_LEVELS} levels`, remedy)
    return undefined
  }
  const bareKey = isBare(node) ? `${node.kind} ${node.keywords.get('type')}` : undefined
  const before = bareKey === undefined ? undefined : bareReadings.get(bareKey)
  if (before !== undefined) return before
  const position = { ...outside, around: [...outside.around, { node, ...(name !== undefined && { name }) }] }
  const reportsBefore = reader.reports
  const reading = readByRule(node, position, reader)
  if (bareKey !== undefined && reading !== undefined && reader.reports === reportsBefore) {
    bareReadings.set(bareKey, reading)
  }
  return reading
}

function readByRule(node: SchemaNode, position: Position, reader: TypeReader): TypeReading | undefined {
  const rule = findRule(node, position, reader)
  if (rule === undefined) return undefined
  const keywords = readKeywords(node, rule, position, reader)
  const reading = rule.read(node, position, reader)
  if (keywords === undefined || reading === undefined) return undefined
  // Most have none: their schemas stay one object, whose digest is known then.
  const whole = keywords === NO_KEYWORDS ? reading : { ...reading, schema: { ...reading.schema, ...keywords } }
  return passPatterns(whole.schema, position, reader) ? readMarks(node, whole, position, reader) : undefined
}

/** Whether nothing but its kind, and at most a plain `type`, says what a schema is: wherever it stands, it is read alike. */
function isBare({ keywords, marks, codec }: SchemaNode): boolean {
  if (marks.length > 0 || codec !== undefined || keywords.size > 1) return false
  return keywords.size === 0 || typeof keywords.get('type') === 'string'
}

/** Of the bare schemas that can be read, which are as few as the scalar kinds: half of all schemas are of these. */
const bareReadings = new Map<string, TypeReading>()

function findRule(node: SchemaNode, position: Position, reader: TypeReader): KindRule | undefined {
  const rule = SUPPORTED_KINDS.get(nameKind(node))
  if (rule !== undefined) {
    if (!node.marks.includes('immutable') || IMMUTABLE_KINDS.has(node.kind)) return rule
    const remedy = 'use Type.Readonly for the properties of an object'
    reader.report('NG3003', position, 'is immutable, which netgen supports for arrays and tuples only', remedy)
    return undefined
  }
  const { code, finding, remedy } = REFUSED_KINDS.get(node.kind) ?? refuseUnknownKind(node.kind)
  reader.report(code, position, finding, remedy)
  return undefined
}

/** What limits the values and what only describes them, checked. Undefined where one was reported. */
function readKeywords(
  node: SchemaNode,
  rule: KindRule,
  position: Position,
  reader: TypeReader,
): JsonSchema | undefined {
  const { limits = {}, structure = [] } = rule
  const found: [string, JsonValue][] = []
  let complete = true
  for (const [keyword, value] of node.keywords) {
    if (keyword === 'type' || structure.includes(keyword) || DROPPED_KEYWORDS.has(keyword)) continue
    const take = Object.hasOwn(limits, keyword) ? limits[keyword] : ANNOTATION_RULES.get(keyword)
    const taken = take?.(value, enterPart(position, keyword), reader)
    if (take === undefined) reportUnknownKeyword(keyword, node.kind, Object.keys(limits), position, reader)
    if (taken === undefined) complete = false
    else found.push([keyword, taken])
  }
  if (!complete) return undefined
  return found.length === 0 ? NO_KEYWORDS : Object.fromEntries(found)
}

const NO_KEYWORDS: JsonSchema = {}

function reportUnknownKeyword(
  keyword: string,
  kind: string,
  limits: readonly string[],
  position: Position,
  reader: TypeReader,
): void {
  const name = kind === 'unsafe' ? 'Unsafe' : kind
  const nearest = findNearest(keyword, [...limits, ...ANNOTATION_RULES.keys()])
  const known = limits.length > 0 ? `${name} takes ${limits.join(', ')}` : `${name} takes no keywords that limit it`
  reader.report(
    'NG3005',
    enterPart(position, keyword),
    `is a keyword that Type.${name} does not have here`,
    nearest === undefined ? known : `did you mean ${nearest}? ${known}`,
  )
}
