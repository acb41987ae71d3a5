import type { CallScope, StopReason } from '../../call/scope/call-scope.js'
import type { ReceivedAnswer, WireCall } from '../../wire/exchange.js'
import { writeCall, writeCancel } from './message.js'

/** A call that waits for its answer. */
interface Pending {
  readonly scope: CallScope
  readonly resolve: (answer: ReceivedAnswer) => void
  readonly reject: (error: Error) => void
}

/** The calls that this side of a session has made, until they are answered. */
export class PendingCalls {
  readonly #pending = new Map<number, Pending>()
  readonly #write: (line: string) => void
  readonly #onSettled: () => void

  /** `onSettled` is called whenever one more of them does not wait any longer. */
  constructor(write: (line: string) => void, onSettled: () => void) {
    this.#write = write
    this.#onSettled = onSettled
  }

  get size(): number {
    return this.#pending.size
  }

  has(id: number): boolean {
    return this.#pending.has(id)
  }

  /** Sends a call, unless its scope is stopped already. */
  send(id: number, call: WireCall, scope: CallScope): Promise<ReceivedAnswer> {
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { scope, resolve, reject })
      scope.onStop((reason) => {
        if (!this.#pending.delete(id)) return
        if (scope.maybeExecuted) this.#write(writeCancel(id))
        reject(scope.toError(reason))
        this.#onSettled()
      })
      if (scope.stopped !== undefined) return
      scope.maybeExecuted = true
      this.#write(writeCall(id, call))
    })
  }

  /** Answers false where nobody waits: the call may have ended meanwhile; a forged id finds nothing either. */
  settle(id: number, answer: ReceivedAnswer): boolean {
    const pending = this.#pending.get(id)
    if (pending === undefined) return false
    this.#pending.delete(id)
    pending.resolve(answer)
    this.#onSettled()
    return true
  }

  /** Ends all of them for a reason of this side's. */
  stop(reason: StopReason): void {
    for (const { scope } of [...this.#pending.values()]) scope.stop(reason)
  }

  /** The session has ended. */
  lose(explain: (maybeExecuted: boolean) => Error): void {
    for (const { scope, reject } of this.#pending.values()) reject(explain(scope.maybeExecuted))
    this.#pending.clear()
  }
}
