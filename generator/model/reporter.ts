import type { DiagnosticCode } from '../diagnostics/catalogue.js'
import { createDiagnostic } from '../diagnostics/create-diagnostic.js'
import type { Diagnostic } from '../diagnostics/diagnostic.js'
import type { SourceIndex } from '../source/source-index.js'
import { compareCodeUnits } from './json.js'
import { describePosition, type Position } from './position.js'

/** Collects what is wrong with a schema, each thing with its place in the source. */
export interface Reporter {
  /** In the order of the source. */
  readonly diagnostics: readonly Diagnostic[]
  /** How often anything was reported, the same again included. */
  readonly reports: number
  /** Reports something. `finding` continues the position's name: `is a Date, which JSON cannot hold`. */
  report(code: DiagnosticCode, position: Pick<Position, 'exportName' | 'path'>, finding: string, remedy: string): void
}

/** Creates a reporter with nothing reported. The same thing is reported once, however many ways lead to it. */
export function createReporter(index: SourceIndex): Reporter {
  const diagnostics = new Map<string, Diagnostic>()
  let reports = 0
  return {
    get diagnostics() {
      return [...diagnostics.values()].sort(comparePlaces)
    },
    get reports() {
      return reports
    },
    report(code, position, finding, remedy) {
      reports += 1
      const { place } = index.find(position.exportName, position.path)
      const message = `${describePosition(position)} ${finding}`
      diagnostics.set(`${code} ${message}`, createDiagnostic(code, { message, remedy, place }))
    },
  }
}

/** Files in the order of their paths; what stands at one place in the order in which it was reported. */
function comparePlaces({ place: left }: Diagnostic, { place: right }: Diagnostic): number {
  if (left === undefined || right === undefined || left.file !== right.file) {
    return compareCodeUnits(left?.file ?? '', right?.file ?? '')
  }
  return (left.line ?? 0) - (right.line ?? 0) || columnOf(left) - columnOf(right)
}

function columnOf(place: NonNullable<Diagnostic['place']>): number {
  return 'column' in place ? place.column : 0
}
