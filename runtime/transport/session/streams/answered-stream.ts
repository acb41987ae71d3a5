import type { WireAnswer } from '../../../wire/exchange.js'
import { MAX_REQUEST_BYTES } from '../../../wire/limits.js'
import type { ArrivedStreamCall, ServedStream } from '../../../wire/streams.js'
import { writeAnswer, writeCancel, writeCredit, writeEnd } from '../message.js'
import type { Credit } from './credit.js'
import { IncomingItems } from './incoming-items.js'
import type { OpenStream, StreamHost } from './open-stream.js'
import { OutgoingItems } from './outgoing-items.js'
import { MAX_LINE_EXTRA_BYTES, sendItem } from './send-item.js'

/** Enough to ask for an answer that is no item. */
const ONE_STEP: Credit = { items: 1, bytes: 1 }

/** A call with a stream that the other side has made. */
export class AnsweredStream implements OpenStream {
  readonly #hasOutput: boolean
  readonly #input: IncomingItems<undefined> | undefined
  readonly #output: OutgoingItems<WireAnswer>
  readonly #end: () => void

  constructor(
    id: number,
    call: Omit<ArrivedStreamCall, 'items'>,
    serve: (call: ArrivedStreamCall) => ServedStream,
    host: StreamHost,
  ) {
    const { sides } = call
    this.#hasOutput = sides !== 'input'
    if (sides !== 'output') {
      this.#input = new IncomingItems<undefined>({
        maxItemBytes: MAX_REQUEST_BYTES + MAX_LINE_EXTRA_BYTES,
        grant: (credit) => host.write(writeCredit(id, credit)),
        leave: () => host.write(writeCancel(id)),
      })
    }
    this.#end = () => {
      // Nothing of the input is of use any more, nor worth a message.
      this.#input?.close()
      host.remove(id)
    }
    this.#output = new OutgoingItems({
      source: serve({ ...call, ...(this.#input && { items: this.#input }) }),
      send: (item) => sendItem(id, item, host.write),
      onEnd: (answer) => {
        host.write(answer.ok && this.#hasOutput ? writeEnd(id) : writeAnswer(id, answer))
        this.#end()
      },
      isCongested: host.isCongested,
    })
  }

  /** Begins to serve, with what the caller allows; without an output that is a stream it needs no leave. */
  start(credit: Credit = ONE_STEP): string | undefined {
    return this.#output.allow(credit)
  }

  receiveItem(item: unknown, bytes: number): string | undefined {
    return this.#input === undefined ? 'an item for a call whose input is none' : this.#input.receive(item, bytes)
  }

  receiveCredit(credit: Credit): string | undefined {
    return this.#hasOutput ? this.#output.allow(credit) : 'credit for items that there are not'
  }

  receiveEnd(): string | undefined {
    return this.#input === undefined ? 'an end of items that there are not' : this.#input.end(undefined)
  }

  receiveAnswer(): string | undefined {
    return undefined
  }

  receiveCancel(): undefined {
    // First: what is read of the input then ends with the reason, and not as if it had been all.
    this.#output.stop()
    this.#end()
  }

  lose(): void {
    this.receiveCancel()
  }
}
