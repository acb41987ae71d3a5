import { type Arbitrary, fc } from './fast-check.js'
import { type LiveSchema, readList, readPart, readTable } from './live-schema.js'
import { JSON_VALUES } from './scalars.js'
import { chooseByDepth, refuse, type Scope, type Values } from './scope.js'

/** One of several types. The arm that ends soonest stands first, where fast-check turns to when a value gets deep. */
export function makeUnions(schema: LiveSchema, scope: Scope): Values {
  const keyword = schema['anyOf'] === undefined ? 'oneOf' : 'anyOf'
  const arms = readList(schema, keyword)
    .map((arm, index) => ({ values: scope.make(arm, scope, keyword, index), height: measureHeight(arm, scope) }))
    .sort((left, right) => left.height - right.height)
    .flatMap(({ values }) => values ?? [])
  return arms.length === 0 ? undefined : chooseByDepth(arms, scope)
}

/** All of several types at once: objects are put together, and a fixed value stands for all. */
export function makeIntersections(schema: LiveSchema, scope: Scope): Values {
  const arms = readList(schema, 'allOf')
  const made = arms.map((arm, index) => scope.make(arm, scope, 'allOf', index))
  if (made.includes(undefined)) return undefined
  const parts = made as Arbitrary<unknown>[]
  const [only] = parts
  if (parts.length === 1 && only) return only
  if (parts.length === 0) return JSON_VALUES
  return fc.tuple(...parts).map((values) => {
    if (values.every((value) => typeof value === 'object' && value !== null))
      return Object.assign({}, ...values) as unknown
    return refuse(scope, 'is an intersection of other types than objects, for which no values can be made')
  })
}

/** How many levels the smallest value of a schema has. */
function measureHeight(schema: LiveSchema, scope: Scope, inside: readonly LiveSchema[] = []): number {
  if (inside.includes(schema)) return Number.POSITIVE_INFINITY
  const measure = (part: LiveSchema): number => measureHeight(part, scope, [...inside, schema])
  const reference = scope.references.get(String(schema['$ref']))
  if (reference !== undefined) return 1 + measure(reference.schema)
  const arms = [...readList(schema, 'anyOf'), ...readList(schema, 'oneOf')]
  if (arms.length > 0) return Math.min(...arms.map(measure))
  const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : []
  const parts = [
    ...readTable(schema, 'properties').flatMap(([name, part]) => (required.includes(name) ? [part] : [])),
    ...readList(schema, 'allOf'),
    ...readList(schema, 'items'),
    ...(Number(schema['minItems'] ?? 0) > 0 ? [readPart(schema, 'items')] : []),
  ]
  return Math.max(0, ...parts.map((part) => (part === undefined ? 0 : 1 + measure(part))))
}
