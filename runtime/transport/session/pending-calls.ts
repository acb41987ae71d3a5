import type { CallScope, StopListener, StopReason } from '../../call/scope/call-scope.js'
import type { ReceivedAnswer, Receiver, WireCall } from '../../wire/exchange.js'
import { CallTable } from './call-table.js'
import { writeCall, writeCancel } from './message.js'

/** A call that waits for its answer. */
class PendingCall implements StopListener {
  readonly id: number
  readonly scope: CallScope
  readonly #calls: PendingCalls
  readonly #receiver: Receiver
  readonly #settle: (result: unknown) => void

  constructor(
    calls: PendingCalls,
    id: number,
    scope: CallScope,
    receiver: Receiver,
    settle: (result: unknown) => void,
  ) {
    this.id = id
    this.scope = scope
    this.#calls = calls
    this.#receiver = receiver
    this.#settle = settle
  }

  succeed(answer: ReceivedAnswer): void {
    this.#settle(this.#receiver.receive(answer))
  }

  fail(error: unknown): void {
    this.#settle(this.#receiver.fail(error))
  }

  onStop(reason: StopReason): void {
    if (this.#calls.cancel(this.id)) this.fail(this.scope.toError(reason))
  }
}

/** The calls that this side of a session has made, until they are answered. */
export class PendingCalls {
  readonly #pending = new CallTable<PendingCall>()
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
    return this.#pending.get(id) !== undefined
  }

  /** Sends a call, unless its scope is stopped already. The receiver settles the promise. */
  send(id: number, call: WireCall, scope: CallScope, receiver: Receiver): Promise<unknown> {
    return new Promise((resolve) => {
      const pending = new PendingCall(this, id, scope, receiver, resolve)
      this.#pending.add(pending)
      scope.tellStop(pending)
      if (scope.stopped !== undefined) return
      scope.maybeExecuted = true
      this.#write(writeCall(id, call))
    })
  }

  /** Answers false where nobody waits: the call may have ended meanwhile; a forged id finds nothing either. */
  settle(id: number, answer: ReceivedAnswer): boolean {
    const pending = this.#pending.get(id)
    if (pending === undefined) return false
    this.#pending.remove(pending)
    pending.succeed(answer)
    this.#onSettled()
    return true
  }

  /** Tells the other side that nobody waits for a call any more. Answers false where nobody did. */
  cancel(id: number): boolean {
    const pending = this.#pending.get(id)
    if (pending === undefined) return false
    this.#pending.remove(pending)
    if (pending.scope.maybeExecuted) this.#write(writeCancel(id))
    this.#onSettled()
    return true
  }

  /** Ends all of them for a reason of this side's. */
  stop(reason: StopReason): void {
    for (const { scope } of this.#pending.list()) scope.stop(reason)
  }

  /** The session has ended. */
  lose(explain: (maybeExecuted: boolean) => Error): void {
    for (const pending of this.#pending.takeAll()) pending.fail(explain(pending.scope.maybeExecuted))
  }
}
