/** How long a pattern takes to find out that a text does not match it. */
export type PatternVerdict =
  /**
   * In proportion to the text's length, or to few times as much: for all texts where an automaton says so, and for those that were tried
   * where the pattern has lookarounds or backreferences or is too large for one.
   */
  | { readonly is: 'harmless' }
  | {
      readonly is: 'slow'
      /** The time grows with this power of the text's length; exponentially where it is absent. */
      readonly degree?: number
      /** Whether the texts that were tried took that long, while others may take longer: no length bounds what they take. */
      readonly isLeast?: true
      /** A text that takes it long, as an expression of JavaScript. */
      readonly attack: string
      /** The parts of the pattern that one text can be shared among in many ways. */
      readonly parts: readonly string[]
      /** Whether time was up for a closer look, so that a machine with less to do may find it harmless. */
      readonly isLate?: true
    }
  | {
      readonly is: 'undecided'
      readonly reason: string
      /** Whether its time was up, so that a machine with less to do may decide it. */
      readonly isLate?: true
    }

/**
 * Judges a regular expression with the u flag. The same one is judged alike on every machine but for two limits of time: one after
 * which it is undecided, and one for counts that multiply, which few patterns are near.
 */
export type PatternJudge = (pattern: string) => PatternVerdict
