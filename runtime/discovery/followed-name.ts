import { type Address, printAddress } from '../api/address.js'
import type { Logger } from '../api/logger.js'
import type { locate } from '../transport/http/locate.js'

/** How long at least lies between two lookups of one name, in milliseconds: each takes one of Node's four threads. */
const MIN_PAUSE_MS = 500

/**
 * How long at most, while it is followed, and how old a place may be that is taken for the name's. The system does not say for how long
 * its answer holds (getaddrinfo(3) has no time to live): every 4 s costs nobody, and is less than usual times to live.
 */
const MAX_PAUSE_MS = 4_000

/** How long a name may take to be looked up, in milliseconds. */
const LOCATE_TIMEOUT_MS = 4_000

/** What a {@link FollowedName} needs. */
export interface FollowedNameOptions {
  readonly locate: typeof locate
  readonly logger: Logger
  /** Is told after each lookup where the name leads. */
  readonly onPlace: (place: Address) => void
}

/** Where a name leads: the last place that was found, and when it is looked up again. A name that nobody knows is warned of once. */
export class FollowedName {
  readonly #address: Address
  readonly #options: FollowedNameOptions
  #place: Address | undefined
  #foundAtMs = Number.NEGATIVE_INFINITY
  #askedAtMs = Number.NEGATIVE_INFINITY
  #answer: Promise<void> | undefined
  #isFollowed = false
  #pauseMs = MIN_PAUSE_MS
  #timer: NodeJS.Timeout | undefined
  /** Whether it was not found when it was looked up last. */
  #isMissing = false

  constructor(address: Address, options: FollowedNameOptions) {
    this.#address = address
    this.#options = options
  }

  /** Where it led when it was found last, however long ago; undefined where it never was. */
  get place(): Address | undefined {
    return this.#place
  }

  /** Whether the place is no older than 4 s. */
  get isFresh(): boolean {
    return performance.now() - this.#foundAtMs <= MAX_PAUSE_MS
  }

  /** Resolves when the lookup that is under way is over. Absent: there is none. Never rejects. */
  get answer(): Promise<void> | undefined {
    return this.#answer
  }

  /** Looks it up after half a second, then less and less often, every 4 s at last, until the answer is called. */
  follow(): () => void {
    this.#isFollowed = true
    this.#pauseMs = MIN_PAUSE_MS
    this.#wait(MIN_PAUSE_MS)
    return () => {
      this.#isFollowed = false
      clearTimeout(this.#timer)
    }
  }

  /** Looks it up now, and often again. Does nothing where nobody follows it. */
  hurry(): void {
    if (!this.#isFollowed) return
    this.#pauseMs = MIN_PAUSE_MS
    this.lookUp()
  }

  /** Looks it up, half a second after the last time at the earliest: sooner it does nothing, unless somebody follows, who waits. */
  lookUp(): void {
    const restMs = Math.ceil(this.#askedAtMs + MIN_PAUSE_MS - performance.now())
    if (restMs > 0) {
      this.#wait(restMs)
      return
    }
    this.#answer ??= this.#ask().finally(() => {
      this.#answer = undefined
    })
    this.#wait(this.#pauseMs)
    this.#pauseMs = Math.min(2 * this.#pauseMs, MAX_PAUSE_MS)
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer)
    if (this.#isFollowed) this.#timer = setTimeout(() => this.lookUp(), ms).unref()
  }

  async #ask(): Promise<void> {
    this.#askedAtMs = performance.now()
    try {
      this.#place = await this.#options.locate(this.#address, LOCATE_TIMEOUT_MS)
    } catch (error) {
      this.#warnOnce(error as Error)
      return
    }
    this.#foundAtMs = performance.now()
    this.#isMissing = false
    this.#options.onPlace(this.#place)
  }

  #warnOnce({ message }: Error): void {
    if (this.#isMissing) return
    this.#isMissing = true
    this.#options.logger.warn(
      'a name in peers was not found: check how it is written, and the name server of this machine',
      {
        at: printAddress(this.#address),
        reason: message,
      },
    )
  }
}
