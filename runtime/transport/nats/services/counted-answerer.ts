import type { ArrivedCall, ServedCall, WireAnswer } from '../../../wire/exchange.js'
import type { ArrivedStreamCall, Pulled, ServedStream, StreamSides } from '../../../wire/streams.js'
import type { Answerer, SchemaDigest } from '../../transport.js'

/** What became of the calls of one connection, since the peer listens. */
export interface CallCount {
  requests: number
  errors: number
  /** What the last error was: the code alone, as more people may ask for this than may see errors. Empty: there was none. */
  lastError: string
  /** From their arrival to their answers, in milliseconds: of all together. */
  durationMs: number
}

/** Hands calls on to whoever answers them, and counts them. */
export class CountedAnswerer implements Answerer {
  readonly #answerer: Answerer
  /** By the tag of the connection that answers: calls of what nobody answers are no connection's. */
  readonly #counts = new Map<string, CallCount>()

  constructor(answerer: Answerer) {
    this.#answerer = answerer
  }

  get isFull(): boolean {
    return this.#answerer.isFull
  }

  get schemas(): Iterable<SchemaDigest> {
    return this.#answerer.schemas
  }

  get tags(): readonly string[] {
    return this.#answerer.tags
  }

  get engine(): string | undefined {
    return this.#answerer.engine
  }

  followServed(listener: (tag: string) => void): void {
    this.#answerer.followServed(listener)
  }

  serves(tag: string): boolean {
    return this.#answerer.serves(tag)
  }

  sides(tag: string): StreamSides | undefined {
    return this.#answerer.sides(tag)
  }

  serve(call: ArrivedCall): ServedCall {
    const served = this.#answerer.serve(call)
    const count = this.#find(call.tag)
    if (count === undefined) return served
    const startedAtMs = performance.now()
    const { answer } = served
    if (answer instanceof Promise) void answer.then((settled) => finish(count, startedAtMs, settled))
    else finish(count, startedAtMs, answer)
    return served
  }

  serveStream(call: ArrivedStreamCall): ServedStream {
    const stream = this.#answerer.serveStream(call)
    const count = this.#find(call.tag)
    if (count === undefined) return stream
    const startedAtMs = performance.now()
    const see = (pulled: Pulled<string, WireAnswer>): Pulled<string, WireAnswer> => {
      if (pulled.done === true) finish(count, startedAtMs, pulled.value)
      return pulled
    }
    return {
      pull: () => {
        const pulled = stream.pull()
        return pulled instanceof Promise ? pulled.then(see) : see(pulled)
      },
      cancel: () => stream.cancel(),
    }
  }

  /** Of one connection. */
  read(tag: string): Readonly<CallCount> {
    return this.#counts.get(tag) ?? { requests: 0, errors: 0, lastError: '', durationMs: 0 }
  }

  #find(tag: string): CallCount | undefined {
    const known = this.#counts.get(tag)
    if (known !== undefined) return known
    if (!this.serves(tag)) return undefined
    const count: CallCount = { requests: 0, errors: 0, lastError: '', durationMs: 0 }
    this.#counts.set(tag, count)
    return count
  }
}

function finish(count: CallCount, startedAtMs: number, answer: WireAnswer): void {
  count.requests++
  count.durationMs += performance.now() - startedAtMs
  // A flag is an outcome, and no error.
  if (answer.ok || answer.flag !== undefined) return
  count.errors++
  count.lastError = answer.error.code
}
