import type { CallScope, StopReason } from '../../../call/scope/call-scope.js'
import type { ReceivedAnswer } from '../../../wire/exchange.js'
import { MAX_ANSWER_BYTES } from '../../../wire/limits.js'
import type { ReceivedStream, WireStreamCall } from '../../../wire/streams.js'
import { writeCancel, writeCredit, writeEnd, writeStreamCall } from '../message.js'
import { type Credit, WINDOW } from './credit.js'
import { IncomingItems } from './incoming-items.js'
import type { OpenStream, StreamHost } from './open-stream.js'
import { OutgoingItems } from './outgoing-items.js'
import { MAX_LINE_EXTRA_BYTES, sendItem } from './send-item.js'

/** A call with a stream that this side has made. */
export class CalledStream implements OpenStream {
  readonly #scope: CallScope
  /** Whether items are read, and not an answer alone. */
  readonly #hasOutput: boolean
  readonly #output: IncomingItems<ReceivedAnswer>
  readonly #input: OutgoingItems<undefined> | undefined
  readonly #end: () => void
  #isOver = false

  /** Sends the call, unless its scope is stopped already. */
  constructor(id: number, call: WireStreamCall, scope: CallScope, host: StreamHost) {
    const { sides, items } = call
    this.#scope = scope
    this.#hasOutput = sides !== 'input'
    this.#output = new IncomingItems({
      credit: WINDOW,
      maxItemBytes: MAX_ANSWER_BYTES + MAX_LINE_EXTRA_BYTES,
      grant: (credit) => host.write(writeCredit(id, credit)),
      leave: () => {},
    })
    this.#input =
      items &&
      new OutgoingItems({
        source: items,
        send: (item) => sendItem(id, item, host.write),
        onEnd: () => host.write(writeEnd(id)),
        isCongested: host.isCongested,
      })
    this.#end = () => {
      this.#isOver = true
      this.#input?.stop()
      host.remove(id)
    }
    scope.onStop((reason) => {
      if (scope.maybeExecuted && !this.#isOver) host.write(writeCancel(id))
      this.#end()
      this.#output.stop(scope.toError(reason))
    })
    if (scope.stopped !== undefined) return
    scope.maybeExecuted = true
    host.write(writeStreamCall(id, call, this.#hasOutput ? WINDOW : undefined))
  }

  get output(): ReceivedStream {
    return this.#output
  }

  /** Ends the call for a reason of this side's. */
  stop(reason: StopReason): void {
    this.#scope.stop(reason)
  }

  receiveItem(item: unknown, bytes: number): string | undefined {
    return this.#hasOutput ? this.#output.receive(item, bytes) : 'an item where one output is meant'
  }

  receiveCredit(credit: Credit): string | undefined {
    return this.#input === undefined ? 'credit for items that there are not' : this.#input.allow(credit)
  }

  receiveEnd(): string | undefined {
    return this.#hasOutput ? this.#settle({ ok: true, value: null }) : 'an end where one output is meant'
  }

  receiveAnswer(answer: ReceivedAnswer): string | undefined {
    return answer.ok && this.#hasOutput ? 'one output where items are meant' : this.#settle(answer)
  }

  receiveCancel(): undefined {
    this.#input?.stop()
  }

  lose(explain: (maybeExecuted: boolean) => Error): void {
    this.#end()
    this.#output.lose(explain(this.#scope.maybeExecuted))
  }

  #settle(answer: ReceivedAnswer): string | undefined {
    this.#end()
    return this.#output.end(answer)
  }
}
