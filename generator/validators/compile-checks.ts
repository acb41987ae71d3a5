import type { JsonSchema } from '../model/json.js'
import { mapSubschemas, readReference } from '../model/json-schema.js'
import type { ConnectionModel } from '../model/model.js'
import { compileWithAjv, HELPER_NAMES } from './compile-with-ajv.js'
import { rewriteStandalone, type StandaloneChecks } from './rewrite-standalone.js'

/** The compiled checks of one connection. */
export interface ConnectionChecksCode extends Pick<StandaloneChecks, 'code' | 'helpers'> {
  /** The function that checks the input; absent where there is none. */
  readonly input?: string
  readonly output?: string
  /** By error name. */
  readonly errors: ReadonlyMap<string, string>
}

/** Compiles the checks of one connection. Throws an Error with ajv's words where ajv refuses a schema. */
export function compileChecks({ input, output, errors }: ConnectionModel): ConnectionChecksCode {
  const parts = new Map<string, JsonSchema>()
  if (input) parts.set('input', input.schema)
  if (output) parts.set('output', output.schema)
  for (const { name, data } of errors) parts.set(nameErrorPart(name), data.schema)
  if (parts.size === 0) return { code: '', helpers: new Set(), errors: new Map() }

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
    errors: new Map(errors.map(({ name }) => [name, find(nameErrorPart(name))])),
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
