/** A place in a source file. Lines and columns from 1. */
export interface SourcePlace {
  /** Absolute path. Printed relative to the working directory. */
  readonly file: string
  readonly line: number
  readonly column: number
}

/** One thing that is wrong with a schema, a file or the output. */
export interface Diagnostic {
  /** `NG` and four digits, stable for ever. */
  readonly code: string
  readonly severity: 'error' | 'warning'
  /** What is wrong: a lower-case fragment, subject first, no full stop. */
  readonly message: string
  /** What to write or do instead. */
  readonly remedy: string
  /** Absent where no file is to blame. */
  readonly place?: SourcePlace
}
