import { CATALOGUE, type DiagnosticCode } from './catalogue.js'
import type { Diagnostic, SourcePlace } from './diagnostic.js'

/** Makes a diagnostic of a kind; its severity is the catalogue's. */
export function createDiagnostic(
  code: DiagnosticCode,
  message: string,
  remedy: string,
  place?: SourcePlace,
): Diagnostic {
  const { severity } = CATALOGUE[code]
  return { code, severity, message, remedy, ...(place === undefined ? {} : { place }) }
}
