import type { ArrivedCall, Serve, ServedCall, WireAnswer } from '../../wire/exchange.js'
import { MAX_SESSION_CALLS } from '../../wire/limits.js'
import { createRefusal } from '../../wire/refusal-record.js'
import { writeAnswer } from './message.js'

/** The calls that the other side of a session has made, until they are answered. */
export class ServedCalls {
  readonly #served = new Map<number, ServedCall>()
  /** Those that nobody waits for any more. */
  readonly #canceled = new Set<number>()
  readonly #serve: Serve
  readonly #write: (line: string) => void
  readonly #onAnswered: () => void

  /** `onAnswered` is called whenever one that took its time has been answered. */
  constructor(serve: Serve, write: (line: string) => void, onAnswered: () => void) {
    this.#serve = serve
    this.#write = write
    this.#onAnswered = onAnswered
  }

  get size(): number {
    return this.#served.size
  }

  has(id: number): boolean {
    return this.#served.has(id)
  }

  /** Serves a call, and answers it; one too many is refused. */
  serve(id: number, call: ArrivedCall): void {
    if (this.#served.size >= MAX_SESSION_CALLS) {
      const text = `${call.tag} is refused: ${MAX_SESSION_CALLS} calls of one session are in flight, which is the limit`
      this.answer(id, { ok: false, error: createRefusal('resource_exhausted', text) })
      return
    }
    const served = this.#serve(call)
    if (!(served.answer instanceof Promise)) {
      this.answer(id, served.answer)
      return
    }
    this.#served.set(id, served)
    void served.answer.then((answer) => {
      // Nobody waits for the answer where the session has ended.
      if (!this.#served.delete(id)) return
      if (!this.#canceled.delete(id)) this.answer(id, answer)
      this.#onAnswered()
    })
  }

  /** The caller does not wait any more: its handler's signal fires. */
  cancel(id: number): void {
    const call = this.#served.get(id)
    if (call === undefined) return
    this.#canceled.add(id)
    call.cancel()
  }

  /** The session has ended. */
  lose(): void {
    for (const call of this.#served.values()) call.cancel(true)
    this.#served.clear()
    this.#canceled.clear()
  }

  answer(id: number, answer: WireAnswer): void {
    this.#write(writeAnswer(id, answer))
  }
}
