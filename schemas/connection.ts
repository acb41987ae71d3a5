import type { AnySchema } from './any-schema.js'
import type { Stream } from './stream.js'

/** The schemas of a connection's errors, by name. */
export type ErrorSchemas = Readonly<Record<string, AnySchema>>

/** What a connection takes, or what it answers: one value, or the items of a stream. */
export type AnyPayload = AnySchema | Stream

/** What `connection()` takes. Every part is optional: `connection({})` takes nothing and answers nothing. */
export interface ConnectionDeclaration<
  Input extends AnyPayload = AnyPayload,
  Output extends AnyPayload = AnyPayload,
  Errors extends ErrorSchemas = ErrorSchemas,
> {
  /** The one value that a call sends, or a `stream(...)` of them. Left out: the call takes no input. */
  readonly input?: Input
  /** The value that a call answers, or a `stream(...)` of them. Left out: the call answers nothing (`void`). */
  readonly output?: Output
  /** Errors that callers can tell apart, by name (`DiskFull` becomes the class `DiskFullError`), with the schema of their data. */
  readonly errors?: Errors
  /** The name on the wire. Default: `<schema>.<name>`. Give one before renaming, so that older peers still meet this one. */
  readonly tag?: string
  /** Older tags that are answered too. Default: none. */
  readonly aliases?: readonly string[]
  /** Whether a call may safely run more than once; only such calls are ever sent again. Default: false. */
  readonly idempotent?: boolean
  /**
   * How long a call may take, in milliseconds, a whole number from 1 to 2,147,483,647; with a stream, to its end. Default: 30,000, and
   * with a stream 30,000 for each wait.
   */
  readonly timeoutMs?: number
}

/**
 * A declared connection: what `netgen build` looks for among a schema file's exports. It keeps the types of its schemas, by which
 * generated code names what only the compiler can infer.
 */
export interface Connection<
  Input extends AnyPayload = AnyPayload,
  Output extends AnyPayload = AnyPayload,
  Errors extends ErrorSchemas = ErrorSchemas,
> {
  readonly '~netgen': 'connection'
  readonly declaration: ConnectionDeclaration<Input, Output, Errors>
}

/**
 * Declares a function that other peers can call. Export what it returns: the export's name is the connection's name.
 *
 * It checks nothing when it runs, so that `netgen build` can report every mistake of a file at once, each with its place.
 */
export function connection<
  Input extends AnyPayload = AnyPayload,
  Output extends AnyPayload = AnyPayload,
  Errors extends ErrorSchemas = ErrorSchemas,
>(declaration: ConnectionDeclaration<Input, Output, Errors>): Connection<Input, Output, Errors> {
  return Object.freeze({ '~netgen': 'connection', declaration })
}
