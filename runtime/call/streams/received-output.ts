import { decodePart } from '../../validation/check-value.js'
import type { ConnectionChecks } from '../../validation/validate.js'
import type { ErrorRecord } from '../../wire/error-record.js'
import type { ReceivedAnswer } from '../../wire/exchange.js'
import type { ItemReader, Pulled, ReceivedStream } from '../../wire/streams.js'
import type { ConnectedConnection } from '../connected-connection.js'
import { EndingFlag } from '../flags/ending-flag.js'

/** How to make {@link ReceivedOutput}. */
export interface ReceivedOutputOptions {
  readonly connection: ConnectedConnection
  readonly checks: ConnectionChecks
  readonly stream: ReceivedStream
  /** What is thrown for an error that the callee wrote down. */
  readonly toFailure: (record: ErrorRecord) => unknown
  /** What the call ends with that failed: what the flag means that it ended with; else it rejects with what is thrown for it. */
  readonly settle: (thrown: unknown) => Promise<unknown>
}

/** What comes from the callee, checked, as the application has it. */
export class ReceivedOutput implements ItemReader<unknown, unknown> {
  readonly #options: ReceivedOutputOptions
  #index = 0

  constructor(options: ReceivedOutputOptions) {
    this.#options = options
  }

  pull(): Pulled<unknown, unknown> | Promise<Pulled<unknown, unknown>> {
    const pulled = this.#options.stream.pull()
    if (!(pulled instanceof Promise)) return this.#read(pulled)
    return pulled.then(
      (arrived) => this.#read(arrived),
      (thrown: unknown) => this.#fail(thrown),
    )
  }

  #read(pulled: Pulled<unknown, ReceivedAnswer>): Pulled<unknown, unknown> | Promise<Pulled<unknown, unknown>> {
    try {
      return this.#decode(pulled)
    } catch (thrown) {
      return this.#fail(thrown)
    }
  }

  async #fail(thrown: unknown): Promise<Pulled<unknown, unknown>> {
    return { done: true, value: await this.#options.settle(thrown) }
  }

  #decode(pulled: Pulled<unknown, ReceivedAnswer>): Pulled<unknown, unknown> {
    const { connection, checks, toFailure } = this.#options
    const { tag, descriptor } = connection
    if (!pulled.done) return { done: false, value: decodePart(tag, 'output', checks, pulled.value, this.#index++) }
    const answer = pulled.value
    if (!answer.ok) {
      const { flag } = answer
      throw flag === undefined ? toFailure(answer.error) : new EndingFlag(flag.tag, flag.data)
    }
    return {
      done: true,
      value: descriptor.output === 'value' ? decodePart(tag, 'output', checks, answer.value) : undefined,
    }
  }
}
