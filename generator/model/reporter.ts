import type { DiagnosticCode } from '../diagnostics/catalogue.js'
import { createDiagnostic } from '../diagnostics/create-diagnostic.js'
import type { Diagnostic } from '../diagnostics/diagnostic.js'
import type { SourceIndex } from '../source/source-index.js'
import { describePosition, type Position } from './position.js'

/** Collects what is wrong with a schema, each thing with its place in the source. */
export interface Reporter {
  readonly diagnostics: readonly Diagnostic[]
  /** Reports something. `finding` continues the position's name: `is a Date, which JSON cannot hold`. */
  report(code: DiagnosticCode, position: Pick<Position, 'exportName' | 'path'>, finding: string, remedy: string): void
}

/** Creates a reporter with nothing reported. The same thing is reported once, however many ways lead to it. */
export function createReporter(index: SourceIndex): Reporter {
  const diagnostics = new Map<string, Diagnostic>()
  return {
    get diagnostics() {
      return [...diagnostics.values()]
    },
    report(code, position, finding, remedy) {
      const { place } = index.find(position.exportName, position.path)
      const message = `${describePosition(position)} ${finding}`
      diagnostics.set(`${code} ${message}`, createDiagnostic(code, { message, remedy, place }))
    },
  }
}
