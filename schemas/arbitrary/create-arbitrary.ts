import type { AnySchema } from '../any-schema.js'
import type { ValueOf } from '../codecs.js'
import type { Arbitrary } from './fast-check.js'
import { makeValues, type Override } from './make-values.js'

/** How to make values. */
export interface ArbitraryOptions {
  /** Gives values for a part of the schema, in the place of those that would be made; undefined for all other parts. */
  readonly override?: Override
}

/**
 * Creates a fast-check arbitrary of the values that a schema allows, as the application has them: a `Date` for `date()`, what a
 * codec decodes to for a codec. Its values shrink as fast-check's own do.
 *
 * Throws a TypeError that names the place for a schema that no value fits, and for one that values cannot be made for, such as
 * `Type.Dependent`, `maxContains`, or a pattern that looks ahead: give values for those with `override`.
 *
 * Where two parts of an intersection have a property in common, the value of the later is taken.
 */
export function createArbitrary<Schema extends AnySchema>(
  schema: Schema,
  { override = () => undefined }: ArbitraryOptions = {},
): Arbitrary<ValueOf<Schema>> {
  const values = makeValues(schema, 'application', override)
  if (values === undefined) throw new TypeError('schema allows no value')
  return values as Arbitrary<ValueOf<Schema>>
}
