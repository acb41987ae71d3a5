import { CATALOGUE, type DiagnosticCode } from './catalogue.js'
import type { Diagnostic, FilePlace, SourcePlace } from './diagnostic.js'

/** What a diagnostic says of its own; the rest stands in the catalogue. */
export interface DiagnosticText {
  readonly message: string
  readonly remedy: string
  /** `undefined` where no file is to blame. */
  readonly place?: SourcePlace | FilePlace | undefined
}

/** Creates a frozen diagnostic of the catalogue, with the catalogue's severity. */
export function createDiagnostic(code: DiagnosticCode, { message, remedy, place }: DiagnosticText): Diagnostic {
  const { severity } = CATALOGUE[code]
  return Object.freeze({ code, severity, message, remedy, ...(place && { place }) })
}
