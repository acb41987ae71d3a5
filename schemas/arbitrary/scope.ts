import { type Arbitrary, fc } from './fast-check.js'
import type { LiveSchema } from './live-schema.js'

/** An arbitrary of a schema's values; undefined where no value fits. */
export type Values = Arbitrary<unknown> | undefined

/** Where in a schema an arbitrary is made, and what it may use. */
export interface Scope {
  /** The keywords that lead here, for messages. */
  readonly path: readonly (string | number)[]
  /** Whether values are the application's, or what travels for them. */
  readonly form: 'application' | 'wire'
  /** What references lead to. */
  readonly references: ReadonlyMap<string, Reference>
  /** Shared by everything that nests, so that recursive values come to an end. */
  readonly depthIdentifier: string
  /** Makes the arbitrary of a part. */
  make(schema: unknown, scope: Scope, ...path: readonly (string | number)[]): Values
}

/** Something that a reference leads to. */
export interface Reference {
  readonly schema: LiveSchema
  readonly values: Arbitrary<unknown>
}

/** Throws for a schema that no values can be made for. */
export function refuse({ path }: Pick<Scope, 'path'>, finding: string): never {
  const place = path.length === 0 ? 'schema' : `schema at /${path.join('/')}`
  throw new TypeError(`${place} ${finding}: give an arbitrary for it with override`)
}

/** How many parts that may be left out, or be chosen among, a value has inside each other. */
const MAX_DEPTH = 6

/** Takes the smallest values alone where a value has become deep, so that recursive types come to an end. */
export function limitDepth<Value>(
  smallest: Arbitrary<Value>,
  all: Arbitrary<Value>,
  { depthIdentifier }: Scope,
): Arbitrary<Value> {
  return fc.oneof({ maxDepth: MAX_DEPTH, depthIdentifier }, smallest, { weight: 3, arbitrary: all })
}

/** Takes any of several, or the first alone where a value has become deep. */
export function chooseByDepth(arms: readonly Arbitrary<unknown>[], { depthIdentifier }: Scope): Arbitrary<unknown> {
  return fc.oneof({ maxDepth: MAX_DEPTH, depthIdentifier }, ...arms)
}
