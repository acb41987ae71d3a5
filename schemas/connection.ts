import type { AnySchema } from './any-schema.js'

/** What `connection()` takes. Every part is optional: `connection({})` takes nothing and answers nothing. */
export interface ConnectionDeclaration {
  /** The one value that a call sends. Left out: the call takes no input. */
  readonly input?: AnySchema
  /** The value that a call answers. Left out: the call answers nothing (`void`). */
  readonly output?: AnySchema
  /** Errors that callers can tell apart, by name (`DiskFull` becomes the class `DiskFullError`), with the schema of their data. */
  readonly errors?: Readonly<Record<string, AnySchema>>
  /** The name on the wire. Default: `<schema>.<name>`. Give one before renaming, so that older peers still meet this one. */
  readonly tag?: string
  /** Older tags that are answered too. Default: none. */
  readonly aliases?: readonly string[]
  /** Whether a call may safely run more than once; only such calls are ever sent again. Default: false. */
  readonly idempotent?: boolean
  /** How long a call may take, in milliseconds, a whole number from 1 to 2,147,483,647. Default: 30,000. */
  readonly timeoutMs?: number
}

/** A declared connection: what `netgen build` looks for among a schema file's exports. */
export interface Connection {
  readonly '~netgen': 'connection'
  readonly declaration: ConnectionDeclaration
}

/**
 * Declares a function that other peers can call. Export what it returns: the export's name is the connection's name.
 *
 * It checks nothing when it runs, so that `netgen build` can report every mistake of a file at once, each with its place.
 */
export function connection(declaration: ConnectionDeclaration): Connection {
  return Object.freeze({ '~netgen': 'connection', declaration })
}
