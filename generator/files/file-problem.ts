import type { DiagnosticCode } from '../diagnostics/catalogue.js'
import { createDiagnostic } from '../diagnostics/create-diagnostic.js'
import type { Diagnostic } from '../diagnostics/diagnostic.js'

/** Why the output cannot be written. Thrown inside this folder only; `diagnostic` is what the user sees. */
export class FileProblem extends Error {
  readonly diagnostic: Diagnostic

  constructor(code: DiagnosticCode, path: string, message: string, remedy: string) {
    super(message)
    this.diagnostic = createDiagnostic(code, { message, remedy, place: { file: path } })
  }

  /** Makes a problem of what the file system threw at a path. */
  static from(error: unknown, path: string): FileProblem {
    if (error instanceof FileProblem) return error
    const { code = 'an error' } = error as NodeJS.ErrnoException
    return new FileProblem(
      'NG5003',
      path,
      `output cannot be written: the file system says ${code}`,
      REMEDIES[code] ?? ANY_REMEDY,
    )
  }
}

const ANY_REMEDY = 'see to it that the output folder can be read and written'

const REMEDIES: Readonly<Record<string, string>> = {
  EEXIST: 'remove the file that stands where a folder is needed',
  ENOTDIR: 'remove the file that stands where a folder is needed',
  ENOSPC: 'make room on the disk',
}
