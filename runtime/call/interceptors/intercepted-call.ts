import type { CallTarget } from '../../api/call.js'
import type { ContextValues } from '../../api/context-values.js'
import type { ConnectionDescriptor } from '../../api/descriptor.js'
import type { IncomingCall, OutgoingCall } from '../../api/interceptor.js'
import type { Logger } from '../../api/logger.js'
import type { Peer } from '../../api/peer.js'
import type { CallerIdentity } from '../../wire/exchange.js'
import type { Metadata } from '../../wire/metadata.js'
import type { CallScope } from '../scope/call-scope.js'

/** What both sides of a call show to interceptors. */
export interface CallParts {
  readonly tag: string
  readonly connection: ConnectionDescriptor
  readonly values: ContextValues
  readonly peer: Peer
  readonly logger: Logger
  readonly scope: CallScope
}

class ViewedCall {
  readonly tag: string
  readonly connection: ConnectionDescriptor
  readonly input: unknown
  readonly values: ContextValues
  readonly peer: Peer
  readonly logger: Logger
  readonly #scope: CallScope

  constructor({ tag, connection, values, peer, logger, scope }: CallParts, input: unknown) {
    this.tag = tag
    this.connection = connection
    this.input = input
    this.values = values
    this.peer = peer
    this.logger = logger
    this.#scope = scope
  }

  get signal(): AbortSignal {
    return this.#scope.signal
  }

  get timeLeftMs(): number {
    return this.#scope.timeLeftMs
  }
}

/** A call as the caller's interceptors see it. */
export class ViewedOutgoingCall extends ViewedCall implements OutgoingCall {
  readonly side = 'caller'
  readonly metadata: Metadata
  readonly target?: CallTarget
  readonly #parts: CallParts

  constructor(parts: CallParts, input: unknown, metadata: Metadata, target: CallTarget | undefined) {
    super(parts, input)
    this.#parts = parts
    this.metadata = metadata
    if (target !== undefined) this.target = target
  }

  /** The same call with another input. */
  withInput(input: unknown): ViewedOutgoingCall {
    return new ViewedOutgoingCall(this.#parts, input, this.metadata, this.target)
  }
}

/** A call as the callee's interceptors see it. */
export class ViewedIncomingCall extends ViewedCall implements IncomingCall {
  readonly side = 'callee'
  readonly metadata: ReadonlyMap<string, string>
  readonly caller?: CallerIdentity
  readonly #parts: CallParts

  constructor(
    parts: CallParts,
    input: unknown,
    metadata: ReadonlyMap<string, string>,
    caller: CallerIdentity | undefined,
  ) {
    super(parts, input)
    this.#parts = parts
    this.metadata = metadata
    if (caller !== undefined) this.caller = caller
  }

  /** The same call with another input. */
  withInput(input: unknown): ViewedIncomingCall {
    return new ViewedIncomingCall(this.#parts, input, this.metadata, this.caller)
  }
}
