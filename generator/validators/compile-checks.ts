import type { JsonSchema } from '../model/json.js'
import { mapSubschemas, readReference } from '../model/json-schema.js'
import type { ConnectionModel } from '../model/model.js'
import { compileWithAjv, HELPER_NAMES } from './compile-with-ajv.js'
import { rewriteStandalone } from './rewrite-standalone.js'

/** What the checks of one connection are compiled from. Plain JSON: equal texts mean equal checks. */
export interface CheckedSchemas {
  readonly input?: JsonSchema
  readonly output?: JsonSchema
  /** By error name. */
  readonly errors: readonly (readonly [name: string, data: JsonSchema])[]
}

/** The compiled checks of one connection. Plain JSON, so that it can be kept and sent. */
export interface ConnectionChecksCode {
  /** Without imports and exports. */
  readonly code: string
  /** The helpers that the code uses. */
  readonly helpers: readonly string[]
  /** The function that checks the input; absent where there is none. */
  readonly input?: string
  readonly output?: string
  /** The function that checks each error's data, by error name. */
  readonly errors: readonly (readonly [name: string, check: string])[]
}

/** Picks the schemas that a connection's values are checked against. */
export function selectCheckedSchemas({ input, output, errors }: ConnectionModel): CheckedSchemas {
  return {
    ...(input && { input: input.schema }),
    ...(output && { output: output.schema }),
    errors: errors.map(({ name, data }) => [name, data.schema]),
  }
}

/** Compiles the checks of one connection. Throws an Error with ajv's words where ajv refuses a schema. */
export function compileChecks({ input, output, errors }: CheckedSchemas): ConnectionChecksCode {
  const parts = new Map<string, JsonSchema>()
  if (input) parts.set('input', input)
  if (output) parts.set('output', output)
  for (const [name, data] of errors) parts.set(nameErrorPart(name), data)
  if (parts.size === 0) return { code: '', helpers: [], errors: [] }

  const definitions = Object.assign({}, ...Array.from(parts.values(), (part) => part['$defs'] ?? {}))
  const code = compileWithAjv({
    usesUnevaluated: [...parts.values()].some(hasUnevaluated),
    types: { $id: TYPES_ID, $defs: definitions },
    parts: new Map(Array.from(parts, ([name, { $defs: _, ...part }]) => [name, referToTypes(part)])),
  })
  const checks = rewriteStandalone(code, HELPER_NAMES)
  const find = (part: string): string => checks.functions.get(part) ?? fail(part)
  return {
    code: checks.code,
    helpers: checks.helpers,
    ...(input && { input: find('input') }),
    ...(output && { output: find('output') }),
    errors: errors.map(([name]) => [name, find(nameErrorPart(name))]),
  }
}

const TYPES_ID = 'types'

/** No error of a schema can have the name of another part. */
function nameErrorPart(name: string): string {
  return `error_${name}`
}

/** Types stand in a document of their own, so that input, output and errors share the checks of a type. */
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
