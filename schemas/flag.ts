import type { AnySchema } from './any-schema.js'

/** What `flag()` takes. Every part is optional: `flag({})` has no data. */
export interface FlagDeclaration<Data extends AnySchema = AnySchema> {
  /** What is said with it. Left out: nothing but the flag itself. */
  readonly data?: Data
  /** The name on the wire. Default: `<schema>.<name>`. Give one before renaming, so that older peers still meet this one. */
  readonly tag?: string
}

/** A declared flag: with connections and events, what `netgen build` looks for among a schema file's exports. */
export interface Flag<Data extends AnySchema = AnySchema> {
  readonly '~netgen': 'flag'
  readonly declaration: FlagDeclaration<Data>
}

/**
 * Declares an outcome of calls that is neither a result nor an error: what it means is for the caller to say, by
 * `peer.onFlag`. Any connection may end with it. Export what it returns: the export's name is the flag's name.
 *
 * It checks nothing when it runs, as `connection` does not.
 */
export function flag<Data extends AnySchema = AnySchema>(declaration: FlagDeclaration<Data>): Flag<Data> {
  return Object.freeze({ '~netgen': 'flag', declaration })
}
