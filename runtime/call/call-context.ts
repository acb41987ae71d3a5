import type { Context } from '../api/context.js'
import { ContextValues } from '../api/context-values.js'
import type { FlagDescriptor } from '../api/flag.js'
import type { Peer } from '../api/peer.js'
import type { CallerIdentity } from '../wire/exchange.js'
import { raiseFlag } from './flags/raised-flag.js'
import type { CallScope } from './scope/call-scope.js'

/** What a handler is given, making what few handlers ask for only when they do. */
export class CallContext implements Context {
  readonly peer: Peer
  readonly tag: string
  readonly caller?: CallerIdentity
  readonly #scope: CallScope
  #values: ContextValues | undefined

  constructor(peer: Peer, tag: string, scope: CallScope, caller: CallerIdentity | undefined) {
    this.peer = peer
    this.tag = tag
    this.#scope = scope
    if (caller !== undefined) this.caller = caller
  }

  get signal(): AbortSignal {
    return this.#scope.signal
  }

  get timeLeftMs(): number {
    return this.#scope.timeLeftMs
  }

  flag(descriptor: FlagDescriptor, data?: unknown): never {
    raiseFlag(descriptor, data)
  }

  get values(): ContextValues {
    this.#values ??= new ContextValues()
    return this.#values
  }
}
