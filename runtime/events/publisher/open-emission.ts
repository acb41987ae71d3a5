import type { Emission, EmissionResult } from '../../api/event.js'

/** What became of an event at subscribers that it was handed out to. */
export type Outcome = 'delivered' | 'waiting' | 'failed'

/** One emission while it is under way. What is made for those who wait for it is made when somebody does. */
export class OpenEmission implements Emission {
  readonly #onUnheardFailure: (error: unknown) => void
  #delivered = 0
  #failed = 0
  #dropped = 0
  /** Subscribers for whom it waits. */
  #waiting = 0
  /** Under how many tags it has still to be handed out; undefined before that is known. */
  #tagsLeft: number | undefined
  #failure: { readonly error: unknown } | undefined
  #promise: Promise<EmissionResult> | undefined
  #settle = (): void => {}

  /** `onUnheardFailure` is told why nothing was emitted, where nobody waits for the emission. */
  constructor(onUnheardFailure: (error: unknown) => void) {
    this.#onUnheardFailure = onUnheardFailure
  }

  // biome-ignore lint/suspicious/noThenProperty: it can be awaited, which is what `then` is for.
  then<Fulfilled = EmissionResult, Rejected = never>(
    onFulfilled?: ((result: EmissionResult) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    this.#promise ??= this.#wait()
    return this.#promise.then(onFulfilled, onRejected)
  }

  /** It will be handed out under so many tags. */
  begin(tags: number): void {
    this.#tagsLeft = tags
    this.#check()
  }

  /** It was handed out under a tag: to so many subscribers at once, others are to have it when they catch up, and others will not. */
  handOut({ delivered, waiting, failed }: Readonly<Record<Outcome, number>>): void {
    this.#delivered += delivered
    this.#waiting += waiting
    this.#failed += failed
    if (this.#tagsLeft !== undefined) this.#tagsLeft--
    this.#check()
  }

  /** So many who had to wait have it. */
  deliver(subscribers: number): void {
    this.#delivered += subscribers
    this.#leave(subscribers)
  }

  /** So many who had to wait are gone. */
  fail(subscribers: number): void {
    this.#failed += subscribers
    this.#leave(subscribers)
  }

  /** So many who had to wait are so slow that it was dropped. */
  drop(subscribers: number): void {
    this.#dropped += subscribers
    this.#leave(subscribers)
  }

  /** Nothing is emitted. */
  reject(error: unknown): void {
    this.#failure = { error }
    this.#check()
    // Whoever waits begins to within this tick.
    if (this.#promise === undefined) setImmediate(() => this.#reportUnheard(error))
  }

  #reportUnheard(error: unknown): void {
    if (this.#promise === undefined) this.#onUnheardFailure(error)
  }

  #leave(subscribers: number): void {
    this.#waiting -= subscribers
    this.#check()
  }

  #check(): void {
    if (this.#failure !== undefined || (this.#tagsLeft === 0 && this.#waiting === 0)) this.#settle()
  }

  #wait(): Promise<EmissionResult> {
    return new Promise((resolve, reject) => {
      this.#settle = () => {
        if (this.#failure !== undefined) reject(this.#failure.error)
        else resolve({ delivered: this.#delivered, failed: this.#failed, dropped: this.#dropped })
      }
      this.#check()
    })
  }
}
