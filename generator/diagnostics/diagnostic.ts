import type { DiagnosticCode } from './catalogue.js'

/** A place in a source file. Lines and columns from 1, columns in UTF-16 units. */
export interface SourcePlace {
  /** Absolute path. Printed relative to the working directory. */
  readonly file: string
  readonly line: number
  readonly column: number
}

/** A file as a whole, where no line of it is to blame. */
export interface FilePlace {
  /** Absolute path. Printed relative to the working directory. */
  readonly file: string
  readonly line?: undefined
}

/** One thing that is wrong with a schema, a file or the output. */
export interface Diagnostic {
  readonly code: DiagnosticCode
  readonly severity: 'error' | 'warning'
  /** What is wrong: a lower-case fragment, subject first, no full stop. */
  readonly message: string
  /** What to write or do instead. */
  readonly remedy: string
  /** Absent where no file is to blame. */
  readonly place?: SourcePlace | FilePlace
}
