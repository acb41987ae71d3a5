import type { Engine } from './engine.js'
import type { NatsConnection } from './load-nats.js'
import { allowSilence } from './unsent-bytes.js'

/**
 * How often the server is asked whether it is there, in milliseconds: one of which nothing has come since two questions when the third is due
 * counts as gone, so that calls to one that is cut off or frozen end within two seconds. Timers are late together where this process was
 * stopped: then it counts as one question.
 */
const ASK_MS = 600

const MAX_UNANSWERED = 2

/**
 * Connects again where the server is silent. The client of NATS would do so too, and counts only answers to its questions: they come behind
 * whatever is on its way, so that it takes a loaded connection for a dead one.
 */
export class ServerWatch {
  readonly #connection: NatsConnection
  readonly #engine: Pick<Engine, 'downSinceMs' | 'bufferedBytes'>
  readonly #timer: NodeJS.Timeout
  #unanswered = 0
  #arrivedBytes = 0

  /** Begins at once, and keeps no process alive. */
  constructor(connection: NatsConnection, engine: Pick<Engine, 'downSinceMs' | 'bufferedBytes'>) {
    this.#connection = connection
    this.#engine = engine
    this.#timer = setInterval(() => this.#ask(), ASK_MS).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #ask(): void {
    const { downSinceMs, bufferedBytes } = this.#engine
    const arrivedBytes = countArrivedBytes(this.#connection)
    if (downSinceMs !== undefined || arrivedBytes !== this.#arrivedBytes) this.#unanswered = 0
    this.#arrivedBytes = arrivedBytes
    if (downSinceMs !== undefined) return
    // Both reject where the connection ends meanwhile, which whoever follows it is told.
    if (this.#unanswered >= MAX_UNANSWERED + allowSilence(bufferedBytes)) {
      this.#connection.reconnect().catch(() => {})
      return
    }
    this.#unanswered++
    this.#connection.flush().then(
      () => {
        this.#unanswered = 0
      },
      () => {},
    )
  }
}

/** How much has come of the server. The client of NATS counts a message when it is whole, and a long one may take seconds: its socket knows. */
function countArrivedBytes(connection: NatsConnection): number {
  const { protocol } = connection as { readonly protocol?: { readonly transport?: { readonly socket?: Counting } } }
  return protocol?.transport?.socket?.bytesRead ?? connection.stats().inBytes
}

interface Counting {
  readonly bytesRead?: number
}
