/** How long a pattern takes to find out that a text does not match it. */
export type PatternVerdict =
  /** In proportion to the text's length, for all texts that were thought of. */
  | { readonly is: 'harmless' }
  | {
      readonly is: 'slow'
      /** The time grows with this power of the text's length; exponentially where it is absent. */
      readonly degree?: number
      /** A text that takes it long, as an expression of JavaScript. */
      readonly attack: string
      /** The parts of the pattern that one text can be shared among in many ways. */
      readonly parts: readonly string[]
    }
  | { readonly is: 'undecided'; readonly reason: string }

/** Judges a regular expression with the u flag. The same one is judged alike on every machine, unless it is left undecided. */
export type PatternJudge = (pattern: string) => PatternVerdict
