import type { ConnectionChecks } from '../../validation/validate.js'
import type { ItemReader, Pulled } from '../../wire/streams.js'
import type { ConnectedConnection } from '../connected-connection.js'
import { recheckPart } from '../interceptors/recheck-part.js'
import { type AnyIterator, closeIterator } from './iterate.js'
import { openIntercepted } from './recheck-items.js'

/** What the caller's interceptors have made of the output: its items are checked again. */
export class InterceptedOutput implements ItemReader<unknown, unknown> {
  readonly #connection: ConnectedConnection
  readonly #checks: ConnectionChecks
  readonly #iterator: AnyIterator
  #stopped: Error | undefined
  #index = 0
  #reject: ((error: Error) => void) | undefined

  /** Throws `internal` where it is no stream. */
  constructor(connection: ConnectedConnection, checks: ConnectionChecks, output: unknown) {
    this.#connection = connection
    this.#checks = checks
    this.#iterator = openIntercepted(connection.tag, 'output', output)
  }

  pull(): Promise<Pulled<unknown, unknown>> {
    return new Promise((resolve, reject) => {
      if (this.#stopped !== undefined) throw this.#stopped
      this.#reject = reject
      this.#take().then(resolve, reject)
    })
  }

  async #take(): Promise<Pulled<unknown, unknown>> {
    const result = await this.#iterator.next()
    if (result.done === true) return { done: true, value: undefined }
    const { tag } = this.#connection
    return { done: false, value: recheckPart(tag, 'output', this.#checks, result.value, this.#index++) }
  }

  /** The call is over: whoever waits for an item waits no more, whatever interceptors do. */
  stop(error: Error): void {
    this.#stopped = error
    this.#reject?.(error)
  }

  /** Ends what interceptors do with it. */
  close(onError: (error: unknown) => void): void {
    closeIterator(this.#iterator, onError)
  }
}
