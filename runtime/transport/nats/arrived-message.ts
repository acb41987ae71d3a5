import type { EngineMessage } from './engine.js'
import { readHeaders } from './header-reader.js'
import type { Msg } from './load-nats.js'

/** What the server answers for itself where nobody listens to what was asked. */
const NOBODY_LISTENS = 503

/** A message of the client of NATS, of which only what is asked for is read. */
export class ArrivedMessage implements EngineMessage {
  readonly #message: Msg

  constructor(message: Msg) {
    this.#message = message
  }

  get subject(): string {
    return this.#message.subject
  }

  get data(): Uint8Array {
    return this.#message.data
  }

  get reply(): string | undefined {
    const { reply } = this.#message
    return reply === '' ? undefined : reply
  }

  get isUnheard(): boolean {
    const { data, headers } = this.#message
    return data.length === 0 && headers?.code === NOBODY_LISTENS
  }

  get headers(): ReadonlyMap<string, string> | undefined {
    return readHeaders(this.#message)
  }
}
