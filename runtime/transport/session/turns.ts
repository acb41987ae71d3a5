/**
 * How long calls may run one after the other before everything else of the process gets its turn, in milliseconds: long against
 * what a turn costs, and short enough for a refusal to be told in time.
 */
const TURN_MS = 5

/** How much of what was measured before still counts after one more turn: one that was held up by another process is no rule. */
const MEMORY = 0.98

/** How many turns have to be measured before anyone is told how long it will wait. */
const MIN_TURNS = 2

/** Calls that wait, of one session. */
export interface Waiting {
  /** Runs the next one. Answers whether there is another. */
  runNext(nowMs: number): boolean
}

/**
 * The turns that calls take in the process, which has one thread: as long as they are run faster than they arrive, all of them
 * are run where they are read. Handlers that take long are stopped between two of them after some milliseconds, so that
 * what arrives meanwhile is read, and with it who waits, and since when. Sessions take turns too.
 */
export class Turns {
  readonly #waiting = new Set<Waiting>()
  readonly #runTurn = (): void => this.#run()
  #isOver = false
  #waitingCalls = 0
  /** When the last turn began, and how many calls it ran. */
  #beganAtMs = 0
  #calls = 0
  /** The time and the calls of the turns before, the later ones with more weight, and how many they were. */
  #spentMs = 0
  #spentCalls = 0
  #turns = 0

  /** Whether calls have to wait for the next turn. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** How long a call that comes now will wait, in milliseconds; 0 while too little was measured to say. */
  get waitMs(): number {
    return this.#turns < MIN_TURNS ? 0 : (this.#waitingCalls * this.#spentMs) / this.#spentCalls
  }

  /** Ends the turn of calls that are run where they are read, if it began too long ago. */
  check(beganAtMs: number): void {
    if (performance.now() - beganAtMs >= TURN_MS) this.end()
  }

  /** Ends the turn: calls wait for the next one. */
  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    // What this one took is no rule: a pause of the process in it, times all who wait, would refuse calls that have time enough.
    this.#spentMs = 0
    this.#spentCalls = 0
    this.#turns = 0
    this.#calls = 0
    setImmediate(this.#runTurn)
  }

  /** A call waits. The turns are over then. */
  add(waiting: Waiting): void {
    this.#waitingCalls++
    this.#waiting.add(waiting)
  }

  /** Some calls do not wait any more, though no turn has run them. */
  remove(waiting: Waiting, calls: number): void {
    this.#waitingCalls -= calls
    this.#waiting.delete(waiting)
  }

  #run(): void {
    const beganAtMs = performance.now()
    // From beginning to beginning: all that happens between two turns is time that a waiting call spends too.
    if (this.#calls > 0) this.#measure(beganAtMs - this.#beganAtMs)
    this.#beganAtMs = beganAtMs
    this.#calls = 0
    for (const waiting of this.#waiting) {
      // Whoever had its turn goes behind all others.
      this.#waiting.delete(waiting)
      this.#waitingCalls--
      this.#calls++
      if (waiting.runNext(performance.now())) this.#waiting.add(waiting)
      if (performance.now() - beganAtMs >= TURN_MS) break
    }
    this.#isOver = this.#waiting.size > 0
    if (this.#isOver) setImmediate(this.#runTurn)
  }

  #measure(spentMs: number): void {
    this.#spentMs = this.#spentMs * MEMORY + spentMs
    this.#spentCalls = this.#spentCalls * MEMORY + this.#calls
    this.#turns++
  }
}
