import type { AnySchema } from './any-schema.js'

/** What `event()` takes. Every part is optional: `event({})` has no payload. */
export interface EventDeclaration<Payload extends AnySchema = AnySchema> {
  /** What is said with it. Left out: nothing but that it happened. */
  readonly payload?: Payload
  /**
   * `live`: at most once, to those who are subscribed while it is emitted. `durable`: at least once, also to those who come back
   * later, which takes an engine; a peer without one refuses the schema. Default: `live`.
   */
  readonly delivery?: 'live' | 'durable'
  /** The name on the wire. Default: `<schema>.<name>`. Give one before renaming, so that older peers still meet this one. */
  readonly tag?: string
  /** Older tags that can be subscribed to as well. Default: none. */
  readonly aliases?: readonly string[]
}

/** A declared event: with connections and flags, what `netgen build` looks for among a schema file's exports. */
export interface Event<Payload extends AnySchema = AnySchema> {
  readonly '~netgen': 'event'
  readonly declaration: EventDeclaration<Payload>
}

/**
 * Declares something that peers tell each other when it happens. Export what it returns: the export's name is the event's name.
 *
 * It checks nothing when it runs, as `connection` does not.
 */
export function event<Payload extends AnySchema = AnySchema>(declaration: EventDeclaration<Payload>): Event<Payload> {
  return Object.freeze({ '~netgen': 'event', declaration })
}
