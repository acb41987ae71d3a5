import type { LoadedValue, SchemaNode } from '../../load/loaded-schema.js'
import type { JsonSchema } from '../json.js'
import { takeCount } from '../keywords/keyword-rule.js'
import { isList, isObject, isSchema } from '../loaded-value.js'
import { enterPart, type Position } from '../position.js'
import { createKeywordType, type Member } from '../type-node.js'
import type { TypeReader } from '../type-reader.js'
import type { KindRule } from './kind-rule.js'

/** Named properties, each with its type. Open to others unless `additionalProperties` closes it. */
export const OBJECT: KindRule = {
  limits: { minProperties: takeCount, maxProperties: takeCount },
  structure: ['properties', 'required', 'additionalProperties'],
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
    const members = read.filter((property) => property !== undefined)
    if (members.length < read.length || additional === undefined) return undefined

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
        ...additional,
      },
    }
  },
}

interface ReadProperty {
  readonly member: Member
  readonly schema: JsonSchema
}

function readProperty(
  name: string,
  value: LoadedValue,
  position: Position,
  reader: TypeReader,
): ReadProperty | undefined {
  if (name === '__proto__') {
    const remedy = 'give the property another name'
    reader.report('NG4007', position, 'has a name that every message is refused for', remedy)
    return undefined
  }
  const reading = reader.read(value, position, 'allowed')
  if (reading === undefined) return undefined
  const { optional, readonly } = value as SchemaNode
  // The description of a named type stands at the type.
  const described = reading.type.kind === 'reference' ? undefined : (value as SchemaNode)
  const documentation = reader.document(position, described)
  const member = { name, type: reading.type, optional, readonly, ...(documentation && { documentation }) }
  return { member, schema: reading.schema }
}

function readAdditional(
  value: LoadedValue | undefined,
  position: Position,
  reader: TypeReader,
): { additionalProperties?: JsonSchema | boolean } | undefined {
  if (value === undefined || value === true) return {}
  if (value === false) return { additionalProperties: false }
  const reading = reader.read(value, enterPart(position, 'additionalProperties'))
  return reading && { additionalProperties: reading.schema }
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
