import type { CallTarget } from '../api/call.js'
import type { CallSite } from '../traceback/call-site.js'
import type { ReceivedAnswer, Receiver } from '../wire/exchange.js'
import type { ConnectedConnection } from './connected-connection.js'
import type { CallScope } from './scope/call-scope.js'

/** Who makes calls, and knows what comes of them. Neither function throws. */
export interface CallMaker {
  /** What the caller gets: the output, or a promise of what follows a failure. */
  receive(call: UnaryCall, answer: ReceivedAnswer): unknown
  /** The output after all, where another attempt has one; else rejects with what the caller gets to see. */
  recover(call: UnaryCall, thrown: unknown): Promise<unknown>
}

/** What a call is made of. */
export interface CallParts {
  readonly connection: ConnectedConnection
  /** As the application gave it, not checked yet. */
  readonly input: unknown
  /** As the caller said it; undefined: here. */
  readonly target: CallTarget | undefined
  readonly scope: CallScope
  /** How long it may be repeated, in milliseconds. */
  readonly retryMs: number
  /** Where its stub was called; undefined where finding out later has to do. */
  readonly site: CallSite | undefined
}

/** One call whose arguments are read and whose time runs. It is its own receiver: a call needs no object more. */
export class UnaryCall implements CallParts, Receiver {
  readonly connection: ConnectedConnection
  readonly input: unknown
  readonly target: CallTarget | undefined
  readonly scope: CallScope
  readonly retryMs: number
  readonly site: CallSite | undefined
  readonly #maker: CallMaker

  constructor(maker: CallMaker, { connection, input, target, scope, retryMs, site }: CallParts) {
    this.#maker = maker
    this.connection = connection
    this.input = input
    this.target = target
    this.scope = scope
    this.retryMs = retryMs
    this.site = site
  }

  receive(answer: ReceivedAnswer): unknown {
    return this.#maker.receive(this, answer)
  }

  fail(error: unknown): unknown {
    return this.#maker.recover(this, error)
  }
}
