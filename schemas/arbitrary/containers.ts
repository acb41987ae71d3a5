import { type Arbitrary, type ArrayConstraints, fc } from './fast-check.js'
import { type LiveSchema, readList, readMark, readNumber, readPart, readTable } from './live-schema.js'
import { JSON_VALUES, makeMatching, toPattern } from './scalars.js'
import { limitDepth, refuse, type Scope, type Values } from './scope.js'

/** Arrays of any length within limits. */
export function makeArrays(schema: LiveSchema, scope: Scope): Values {
  if (schema['maxContains'] !== undefined) refuse(scope, 'has maxContains, for which no values can be made')
  const minLength = readNumber(schema, 'minItems') ?? 0
  const maxLength = readNumber(schema, 'maxItems')
  const items = schema['items'] === undefined ? JSON_VALUES : scope.make(schema['items'], scope, 'items')
  if (items === undefined) return minLength === 0 ? fc.constant([]) : undefined
  const isUnique = schema['uniqueItems'] === true
  const arraysOf = (limits: ArrayConstraints): Arbitrary<unknown[]> =>
    isUnique ? fc.uniqueArray(items, { ...limits, selector: toText }) : fc.array(items, limits)
  const most = maxLength === undefined ? {} : { maxLength }
  const arrays = limitDepth(arraysOf({ minLength, maxLength: minLength }), arraysOf({ minLength, ...most }), scope)
  const contains = readPart(schema, 'contains')
  if (contains === undefined) return arrays
  const wanted = scope.make(contains, scope, 'contains')
  const minContains = readNumber(schema, 'minContains') ?? 1
  if (wanted === undefined) return minContains === 0 ? arrays : undefined
  return fc
    .tuple(arrays, fc.array(wanted, { minLength: minContains, maxLength: Math.max(minContains, 1) }))
    .map(([some, found]) => [...found, ...some].slice(0, maxLength))
    .filter((all) => !isUnique || new Set(all.map(toText)).size === all.length)
}

/** Tuples, in the notation of draft 7, which TypeBox writes, and in that of 2020-12. */
export function makeTuples(schema: LiveSchema, scope: Scope): Values {
  const keyword = Array.isArray(schema['items']) ? 'items' : 'prefixItems'
  const all = readList(schema, keyword)
  const last = all.at(-1)
  const rest = last !== undefined && readMark(last, 'kind') === 'Rest' ? readPart(last, 'items') : undefined
  const elements = rest === undefined ? all : all.slice(0, -1)
  const made = elements.map((element, index) => scope.make(element, scope, keyword, index))
  const optionalFrom = elements.findIndex((element) => readMark(element, 'optional') !== undefined)
  const required = optionalFrom === -1 ? elements.length : optionalFrom
  const possible = made.indexOf(undefined) === -1 ? made.length : made.indexOf(undefined)
  if (possible < required) return undefined
  const others =
    rest && possible === elements.length ? scope.make(rest, scope, keyword, elements.length, 'items') : undefined
  const fixed = fc.tuple(...made.slice(0, possible).map((values) => values ?? fc.constant(null)))
  return fc
    .tuple(fixed, fc.integer({ min: required, max: possible }), others ?? fc.constant([]))
    .map(([values, length, more]) => [
      ...values.slice(0, length),
      ...(length === elements.length ? (more as unknown[]) : []),
    ])
}

/** Objects and records. Where other keys have a type, some are there. */
export function makeObjects(schema: LiveSchema, scope: Scope): Values {
  const properties = readTable(schema, 'properties')
  const required = new Set(Array.isArray(schema['required']) ? (schema['required'] as string[]) : [])
  const members: [string, Arbitrary<unknown>][] = []
  for (const [name, property] of properties) {
    const values = scope.make(property, scope, 'properties', name)
    if (values === undefined && required.has(name)) return undefined
    if (values === undefined) continue
    members.push([name, required.has(name) ? values : limitDepth(fc.constant(ABSENT), values, scope)])
  }
  const least = readNumber(schema, 'minProperties') ?? 0
  const most = readNumber(schema, 'maxProperties') ?? Number.POSITIVE_INFINITY
  const others = makeOthers(
    schema,
    scope,
    new Set(properties.map(([name]) => name)),
    Math.max(0, least - members.length),
  )
  return fc
    .tuple(fc.tuple(...members.map(([, values]) => values)), others)
    .map(([values, more]) => {
      const own = members.map(([name], index) => [name, values[index]] as const).filter(([, value]) => value !== ABSENT)
      return Object.fromEntries([...own, ...more.slice(0, Math.max(0, most - own.length))])
    })
    .filter((object) => Object.keys(object).length >= least && Object.keys(object).length <= most)
}

const ABSENT = Symbol('absent')

/** Entries that no property has: of each pattern's type, and of that of additional properties. */
function makeOthers(
  schema: LiveSchema,
  scope: Scope,
  taken: ReadonlySet<string>,
  minLength: number,
): Arbitrary<[string, unknown][]> {
  const patterns = readTable(schema, 'patternProperties')
  const kinds: Arbitrary<[string, unknown]>[] = []
  for (const [pattern, part] of patterns) {
    const values = scope.make(part, scope, 'patternProperties', pattern)
    if (values !== undefined) kinds.push(fc.tuple(makeMatching(toPattern(pattern, scope), scope), values))
  }
  const additional = readPart(schema, 'additionalProperties')
  const values = additional && scope.make(additional, scope, 'additionalProperties')
  if (values !== undefined) {
    const isOther = (key: string): boolean => !patterns.some(([pattern]) => toPattern(pattern, scope).test(key))
    kinds.push(fc.tuple(fc.string().filter(isOther), values))
  }
  if (kinds.length === 0) return fc.constant([])
  const entries = fc.oneof(...kinds).filter(([key]) => key !== '__proto__' && !taken.has(key))
  const few = fc.uniqueArray(entries, { minLength, maxLength: minLength, selector: ([key]) => key })
  return limitDepth(few, fc.uniqueArray(entries, { minLength, selector: ([key]) => key }), scope)
}

function toText(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner))
}
