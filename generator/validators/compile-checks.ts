import type { JsonSchema } from '../model/json.js'
import { mapSubschemas, readReference } from '../model/json-schema.js'
import { type DeclarationModel, listValues } from '../model/model.js'
import { compileWithAjv, HELPER_NAMES } from './compile-with-ajv.js'
import { rewriteStandalone } from './rewrite-standalone.js'

/** What the checks of one declaration are compiled from, by the names of its values. Plain JSON: equal texts mean equal checks. */
export type CheckedSchemas = readonly (readonly [part: string, schema: JsonSchema])[]

/** The compiled checks of one declaration. Plain JSON, so that it can be kept and sent. */
export interface ChecksCode {
  /** Without imports and exports. */
  readonly code: string
  /** The helpers that the code uses. */
  readonly helpers: readonly string[]
  /** The function that checks each value, by the value's name. */
  readonly functions: Readonly<Record<string, string>>
}

/** Picks the schemas that a declaration's values are checked against. */
export function selectCheckedSchemas(declaration: DeclarationModel): CheckedSchemas {
  return listValues(declaration).map(([part, { schema }]) => [part, schema])
}

/** Compiles the checks of one declaration. Throws an Error with ajv's words where ajv refuses a schema. */
export function compileChecks(schemas: CheckedSchemas): ChecksCode {
  if (schemas.length === 0) return { code: '', helpers: [], functions: {} }
  const definitions = Object.assign({}, ...schemas.map(([, schema]) => schema['$defs'] ?? {}))
  const code = compileWithAjv({
    usesUnevaluated: schemas.some(([, schema]) => hasUnevaluated(schema)),
    types: { $id: TYPES_ID, $defs: definitions },
    parts: new Map(schemas.map(([part, { $defs: _, ...schema }]) => [part, referToTypes(schema)])),
  })
  const { functions, ...checks } = rewriteStandalone(code, HELPER_NAMES)
  return {
    code: checks.code,
    helpers: checks.helpers,
    functions: Object.fromEntries(schemas.map(([part]) => [part, functions.get(part) ?? fail(part)])),
  }
}

const TYPES_ID = 'types'

/** Types stand in a document of their own, so that the values of a declaration share the checks of a type. */
function referToTypes(schema: JsonSchema): JsonSchema {
  const name = readReference(schema)
  const inside = mapSubschemas(schema, referToTypes)
  return name === undefined ? inside : { ...inside, $ref: `${TYPES_ID}#/$defs/${name}` }
}

/** Looks into definitions too, as these are schemas inside the part's. */
function hasUnevaluated(schema: JsonSchema): boolean {
  let found = 'unevaluatedProperties' in schema
  mapSubschemas(schema, (inner) => {
    found ||= hasUnevaluated(inner)
    return inner
  })
  return found
}

function fail(part: string): never {
  throw new Error(`ajv compiled no check for ${part}`)
}
