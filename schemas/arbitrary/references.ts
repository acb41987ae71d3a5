import { type Arbitrary, fc } from './fast-check.js'
import { type LiveSchema, readTable } from './live-schema.js'
import type { Reference, Scope, Values } from './scope.js'

/** Lets references inside `Type.Cyclic`, `Type.Module` and `Type.Import` lead to its members, and follows its own. */
export function makeMembers(schema: LiveSchema, scope: Scope): Values {
  const members = new Map(readTable(schema, '$defs'))
  const inner = tieTogether(members, scope)
  return inner.references.get(String(schema['$ref']))?.values
}

/** Makes a schema that references inside it may lead to: by its `$id`, or as `#` where it is an object. */
export function makeNamed(
  schema: LiveSchema,
  names: readonly string[],
  scope: Scope,
  make: (scope: Scope) => Values,
): Values {
  let made: Values
  const { self } = fc.letrec<{ self: unknown }>((tie) => {
    const reference = { schema, values: tie('self') }
    const references = new Map([...scope.references, ...names.map((name) => [name, reference] as const)])
    made = make({ ...scope, references })
    return { self: made ?? NOTHING }
  })
  return made && self
}

function tieTogether(members: ReadonlyMap<string, LiveSchema>, scope: Scope): Scope {
  let inner = scope
  const tied = fc.letrec<Record<string, unknown>>((tie) => {
    const references = new Map<string, Reference>(scope.references)
    for (const [name, schema] of members) references.set(name, { schema, values: tie(name) })
    inner = { ...scope, references }
    return Object.fromEntries(
      Array.from(members, ([name, schema]) => [name, inner.make(schema, inner, '$defs', name) ?? NOTHING]),
    )
  })
  const references = new Map(scope.references)
  for (const [name, schema] of members) references.set(name, { schema, values: tied[name] as Arbitrary<unknown> })
  return { ...inner, references }
}

/** Stands for the values of a type that has none, in which no value of another can lead. */
const NOTHING: Arbitrary<unknown> = fc.constant(undefined).filter(() => false)
