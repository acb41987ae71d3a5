/** How many repeats may be saved up for one target. */
const MAX_TOKENS = 1_000

/** What is added each second, so that a peer that calls seldom may repeat too. */
const TOKENS_PER_SECOND = 10

/** What each call that this peer makes adds. */
const TOKENS_PER_CALL = 0.2

/** How many targets are kept account of; the one that failed first is forgotten first. */
const MAX_TARGETS = 256

interface Budget {
  tokens: number
  countedAtMs: number
  countedCalls: number
}

/**
 * How many repeats each target may still get, as a bucket of tokens: a peer that is down gets a fifth more calls than this one
 * makes, at most, and ten in a second. Nothing is counted for a target before a call to it has failed.
 */
export class RetryBudgets {
  readonly #budgets = new Map<string, Budget>()

  /** Takes one repeat, or answers false where none is left. `callsMade`: by this peer so far, to any target. */
  take(target: string, callsMade: number): boolean {
    const budget = this.#find(target)
    const nowMs = performance.now()
    const earned =
      ((nowMs - budget.countedAtMs) / 1_000) * TOKENS_PER_SECOND + (callsMade - budget.countedCalls) * TOKENS_PER_CALL
    budget.tokens = Math.min(MAX_TOKENS, budget.tokens + earned)
    budget.countedAtMs = nowMs
    budget.countedCalls = callsMade
    if (budget.tokens < 1) return false
    budget.tokens--
    return true
  }

  #find(target: string): Budget {
    const known = this.#budgets.get(target)
    if (known !== undefined) return known
    const budget = { tokens: MAX_TOKENS, countedAtMs: performance.now(), countedCalls: 0 }
    this.#budgets.set(target, budget)
    for (const oldest of this.#budgets.keys()) {
      if (this.#budgets.size <= MAX_TARGETS) break
      this.#budgets.delete(oldest)
    }
    return budget
  }
}
