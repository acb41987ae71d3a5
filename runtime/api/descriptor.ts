import type { DeclaredErrorClass } from '../errors/declared-error.js'
import type { ConnectionChecks, EventChecks } from '../validation/validate.js'
import type { FlagDescriptor } from './flag.js'

/** What a call sends, or what it answers: nothing, one value, or any number of items one after the other. */
export type Payload = 'none' | 'value' | 'stream'

/** One connection, as generated code describes it. */
export interface ConnectionDescriptor {
  readonly name: string
  readonly tag: string
  readonly aliases: readonly string[]
  readonly input: Payload
  readonly output: Payload
  readonly idempotent: boolean
  /** Milliseconds; absent: the peer's default. */
  readonly timeoutMs?: number
  readonly errors: readonly DeclaredErrorClass[]
  /** Equal digests mean equal wire formats. */
  readonly digest: string
  readonly load: () => Promise<ConnectionChecks>
}

/** What is promised of an event: at most once to who is there, or at least once to who comes back, which takes an engine. */
export type EventDelivery = 'live' | 'durable'

/** One event, as generated code describes it. */
export interface EventDescriptor {
  readonly name: string
  readonly tag: string
  readonly aliases: readonly string[]
  readonly payload: 'none' | 'value'
  readonly delivery: EventDelivery
  /** Equal digests mean equal wire formats. */
  readonly digest: string
  readonly load: () => Promise<EventChecks>
}

/** A whole schema, as generated code describes it. `Stub` and `Handlers` exist for the type checker only. */
export interface Descriptor<Stub, Handlers> {
  /** The version of this format. */
  readonly format: 1
  readonly name: string
  readonly digest: string
  readonly connections: readonly ConnectionDescriptor[]
  readonly events: readonly EventDescriptor[]
  readonly flags: readonly FlagDescriptor[]
  readonly '~stub'?: Stub
  readonly '~handlers'?: Handlers
}
