import { makeIntersections, makeUnions } from './choices.js'
import { decodeValues, makeOwnCodec } from './codecs.js'
import { makeArrays, makeObjects, makeTuples } from './containers.js'
import { type Arbitrary, fc } from './fast-check.js'
import { asSchema, type LiveSchema, readMark, readPart } from './live-schema.js'
import { makeMembers, makeNamed } from './references.js'
import { JSON_VALUES, makeIntegers, makeNumbers, makeTexts } from './scalars.js'
import { refuse, type Scope, type Values } from './scope.js'

/** Gives values for a schema in the place of those that would be made. */
export type Override = (schema: object) => Arbitrary<unknown> | undefined

/** Makes an arbitrary for a live schema of either generation of TypeBox. Answers undefined where no value fits. */
export function makeValues(root: object, form: Scope['form'], override: Override): Values {
  const make: Scope['make'] = (part, outer, ...path) => {
    const scope = { ...outer, path: [...outer.path, ...path] }
    const schema = asSchema(part)
    if (schema === undefined) return refuse(scope, 'is no schema')
    const values = override(schema) ?? makeWithNames(schema, scope)
    return values && decodeValues(schema, keepRefined(schema, values), scope)
  }
  const depthIdentifier = `netgen ${++count}`
  return make(root, { path: [], form, references: new Map(), depthIdentifier, make })
}

let count = 0

function makeWithNames(schema: LiveSchema, scope: Scope): Values {
  const id = schema['$id']
  const names = [...(readMark(schema, 'kind') === 'Object' ? ['#'] : []), ...(typeof id === 'string' ? [id] : [])]
  if (names.length === 0) return makeByKeywords(schema, scope)
  return makeNamed(schema, names, scope, (inner) => makeByKeywords(schema, inner))
}

function makeByKeywords(schema: LiveSchema, scope: Scope): Values {
  const codec = readPart(schema, 'x-netgen-codec')
  if (codec !== undefined) return makeOwnCodec(codec, scope)
  if (schema['$defs'] !== undefined) return makeMembers(schema, scope)
  if (schema['$ref'] !== undefined) return followReference(String(schema['$ref']), scope)
  if (schema['const'] !== undefined) return fc.constant(schema['const'])
  if (Array.isArray(schema['enum'])) return schema['enum'].length === 0 ? undefined : fc.constantFrom(...schema['enum'])
  if (schema['anyOf'] !== undefined || schema['oneOf'] !== undefined) return makeUnions(schema, scope)
  if (schema['allOf'] !== undefined) return makeIntersections(schema, scope)
  if (schema['not'] !== undefined && Object.keys(schema['not'] as object).length === 0) return undefined
  return makeByType(schema, scope)
}

function makeByType(schema: LiveSchema, scope: Scope): Values {
  switch (schema['type']) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'number':
      return makeNumbers(schema)
    case 'integer':
      return makeIntegers(schema)
    case 'string':
      return makeTexts(schema, scope)
    case 'array':
      return Array.isArray(schema['items']) || schema['prefixItems'] !== undefined || schema['maxItems'] === 0
        ? makeTuples(schema, scope)
        : makeArrays(schema, scope)
    case 'object':
      return makeObjects(schema, scope)
    case 'undefined':
    case 'void':
      return fc.constant(undefined)
    default:
      return makeAnything(schema, scope)
  }
}

function makeAnything(schema: LiveSchema, scope: Scope): Values {
  const kind = readMark(schema, 'kind')
  if (kind === 'Any' || kind === 'Unknown') return JSON_VALUES
  return refuse(scope, `is of the kind ${JSON.stringify(kind ?? 'none')}, for which no values can be made`)
}

function followReference(name: string, scope: Scope): Values {
  return scope.references.get(name)?.values ?? refuse(scope, `refers to ${JSON.stringify(name)}, which is not there`)
}

/** Leaves out what a `Type.Refine` refuses. */
function keepRefined(schema: LiveSchema, values: Arbitrary<unknown>): Arbitrary<unknown> {
  const refinements = readMark(schema, 'refine')
  if (!Array.isArray(refinements)) return values
  const checks = refinements as { readonly check: (value: unknown) => boolean }[]
  return values.filter((value) => checks.every(({ check }) => check(value)))
}
