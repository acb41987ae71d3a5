import type { DeclaredErrorClass } from '../errors/declared-error.js'
import type { ConnectionChecks } from '../validation/validate.js'

/** One connection, as generated code describes it. */
export interface ConnectionDescriptor {
  readonly name: string
  readonly tag: string
  readonly aliases: readonly string[]
  readonly hasInput: boolean
  readonly hasOutput: boolean
  readonly idempotent: boolean
  /** Milliseconds; absent: the peer's default. */
  readonly timeoutMs?: number
  readonly errors: readonly DeclaredErrorClass[]
  /** Equal digests mean equal wire formats. */
  readonly digest: string
  readonly load: () => Promise<ConnectionChecks>
}

/** A whole schema, as generated code describes it. `Stub` and `Handlers` exist for the type checker only. */
export interface Descriptor<Stub, Handlers> {
  /** The version of this format. */
  readonly format: 1
  readonly name: string
  readonly digest: string
  readonly connections: readonly ConnectionDescriptor[]
  readonly '~stub'?: Stub
  readonly '~handlers'?: Handlers
}
