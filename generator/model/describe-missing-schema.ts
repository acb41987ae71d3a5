import type { LoadedValue } from '../load/loaded-schema.js'
import { isForeign } from './loaded-value.js'
import { describeValue } from './plain-value.js'

/** What stands where a schema should be, and what to write instead. */
export interface MissingSchema {
  /** Continues the name of the place. */
  readonly finding: string
  readonly remedy: string
}

/** Describes a value that is no schema. A constant that is used before its line has come through the bundler as undefined. */
export function describeMissingSchema(value: LoadedValue | undefined, remedy: string): MissingSchema {
  const finding = `is ${describeValue(value)}, not a TypeBox schema`
  if (!isForeign(value)) return { finding, remedy }
  if (value.type === 'function') return { finding, remedy: `call it, as in Type.String(); or else ${remedy}` }
  if (value.type !== 'undefined') return { finding, remedy }
  return { finding, remedy: `is it declared further down? declare it before it is used; or else ${remedy}` }
}
