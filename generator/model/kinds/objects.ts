import type { LoadedValue, SchemaNode } from '../../load/loaded-schema.js'
import { type CodecDraft, draftMisplaced, joinDrafts } from '../codecs/codec-draft.js'
import type { JsonSchema } from '../json.js'
import { takeCount } from '../keywords/keyword-rule.js'
import { takePattern } from '../keywords/pattern.js'
import { isList, isObject, isSchema } from '../loaded-value.js'
import { findPropertyNameFault } from '../names/property-name.js'
import { enterPart, type Position } from '../position.js'
import { createKeywordType, type Member } from '../type-node.js'
import type { TypeReader } from '../type-reader.js'
import type { TypeReading } from '../type-reading.js'
import type { KindRule } from './kind-rule.js'

/** Named properties, each with its type. Open to others unless `additionalProperties` closes it. */
export const OBJECT: KindRule = {
  limits: { minProperties: takeCount, maxProperties: takeCount },
  structure: ['properties', 'required', 'additionalProperties', 'patternProperties'],
  read({ keywords }, position, reader) {
    const properties = keywords.get('properties')
    if (!isObject(properties)) {
      reader.report('NG3006', enterPart(position, 'properties'), 'is no object', 'write Type.Object({ ... })')
      return undefined
    }
    const read = Array.from(properties.entries, ([name, value]) =>
      readProperty(name, value, enterPart(position, 'properties', name), reader),
    )
    const additional = readAdditional(keywords.get('additionalProperties'), position, reader)
    const patterns = readPatterns(keywords.get('patternProperties'), enterPart(position, 'patternProperties'), reader)
    const members = read.filter((property) => property !== undefined)
    if (members.length < read.length || additional === undefined || patterns === undefined) return undefined

    const required = members.filter(({ member }) => !member.optional).map(({ member }) => member.name)
    checkRequired(keywords.get('required'), required, position, reader)
    return {
      // TypeBox's own type of an object without properties.
      type:
        members.length === 0
          ? createKeywordType('object')
          : { kind: 'object', members: members.map(({ member }) => member) },
      schema: {
        type: 'object',
        properties: Object.fromEntries(members.map(({ member, schema }) => [member.name, schema])),
        ...(required.length > 0 && { required }),
        ...patterns.schema,
        ...additional.schema,
      },
      ...joinDrafts(
        [...draftProperties(members), ...(additional.codec ? [additional.codec] : []), ...patterns.misplaced],
        position,
      ),
    }
  },
}

interface ReadProperty {
  readonly member: Member
  readonly schema: JsonSchema
  readonly codec: CodecDraft | undefined
}

function readProperty(
  name: string,
  value: LoadedValue,
  position: Position,
  reader: TypeReader,
): ReadProperty | undefined {
  const fault = findPropertyNameFault(name)
  if (fault !== undefined) {
    reader.report('NG4007', position, fault, 'give the property another name')
    return undefined
  }
  const reading = reader.read(value, position, 'allowed')
  if (reading === undefined) return undefined
  const { optional, readonly } = value as SchemaNode
  // The description of a named type stands at the type.
  const described = reading.type.kind === 'reference' ? undefined : (value as SchemaNode)
  const documentation = reader.document(position, described)
  const member = { name, type: reading.type, optional, readonly, ...(documentation && { documentation }) }
  return { member, schema: reading.schema, codec: reading.codec }
}

function readAdditional(
  value: LoadedValue | undefined,
  position: Position,
  reader: TypeReader,
): Omit<TypeReading, 'type'> | undefined {
  if (value === undefined || value === true) return { schema: {} }
  if (value === false) return { schema: { additionalProperties: false } }
  const place = enterPart(position, 'additionalProperties')
  const reading = reader.read(value, place)
  if (reading === undefined) return undefined
  const misplaced = joinDrafts(draftMisplaced(reading.codec, place), place)
  return { schema: { additionalProperties: reading.schema }, ...misplaced }
}

function draftProperties(members: readonly ReadProperty[]): CodecDraft[] {
  const properties = members.flatMap(({ member, codec }) =>
    codec === undefined ? [] : [[member.name, codec] as const],
  )
  return properties.length === 0 ? [] : [{ kind: 'object', properties }]
}

/** Types of further properties, by a pattern of their names. They are checked, and are no part of the TypeScript type. */
function readPatterns(
  value: LoadedValue | undefined,
  position: Position,
  reader: TypeReader,
): { readonly schema: JsonSchema; readonly misplaced: readonly CodecDraft[] } | undefined {
  if (value === undefined) return { schema: {}, misplaced: [] }
  if (!isObject(value)) {
    reader.report('NG3006', position, 'is no object', "write { '^a': Type.String() }")
    return undefined
  }
  const schemas: [string, JsonSchema][] = []
  const misplaced: CodecDraft[] = []
  for (const [pattern, schema] of value.entries) {
    const place = enterPart(position, pattern)
    const taken = takePattern(pattern, place, reader)
    const reading = reader.read(schema, place)
    if (taken === undefined || reading === undefined) continue
    schemas.push([pattern, reading.schema])
    misplaced.push(...draftMisplaced(reading.codec, place))
  }
  if (schemas.length < value.entries.size) return undefined
  return { schema: { patternProperties: Object.fromEntries(schemas) }, misplaced }
}

/** TypeBox writes `required` itself; one that was given by hand, and says something else, would be believed by nobody. */
function checkRequired(
  given: LoadedValue | undefined,
  required: readonly string[],
  position: Position,
  reader: TypeReader,
): void {
  const names = isList(given) ? given : []
  if (names.length === required.length && required.every((name) => names.includes(name))) return
  const finding = `is ${JSON.stringify(names.filter((name) => !isSchema(name)))}, but ${JSON.stringify(required)} are the properties without Type.Optional`
  reader.report('NG3006', enterPart(position, 'required'), finding, 'leave required out: TypeBox writes it')
}
