import { dirname, sep } from 'node:path'
import { createDiagnostic } from '../diagnostics/create-diagnostic.js'
import type { Diagnostic } from '../diagnostics/diagnostic.js'
import type { ImportEnding } from '../text/import-path.js'
import type { Language } from '../text/print-module.js'
import { findTsconfig, listTsconfigsBeside, readTsconfig, type Tsconfig } from './read-tsconfig.js'

/** What generated files look like. */
export interface OutputForm {
  readonly language: Language
  /** How TypeScript imports its neighbours. JavaScript has to say `.js`. */
  readonly importEnding: ImportEnding
}

/** A form, and what it was chosen by. */
export interface FormChoice {
  readonly form: OutputForm
  /** The tsconfig files that were read, absolute. */
  readonly inputs: readonly string[]
  /** Warnings about those that could not be read. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Chooses the form of an output folder: as asked for, else as the user's nearest tsconfig.json suits it.
 *
 * JavaScript with declarations where `tsc` only checks, since editors can then lead to the schema, and the compiler reads no
 * check. TypeScript where any tsconfig beside it makes `tsc` write: it copies neither declarations nor JavaScript.
 */
export function chooseOutputForm(folder: string, asked: Partial<OutputForm>): FormChoice {
  const { projects, inputs, diagnostics } = readProjects(folder)
  const isCheckedOnly = projects.length > 0 && projects.every(({ emits }) => !emits)
  const governing = projects.filter(({ governs }) => governs)
  const allowsTsEndings = governing.length > 0 && governing.every((project) => project.allowsTsEndings)
  const { importEnding = allowsTsEndings ? '.ts' : '.js' } = asked
  const language = asked.language ?? (isCheckedOnly && asked.importEnding === undefined ? 'js' : 'ts')
  return { form: { language, importEnding: language === 'js' ? '.js' : importEnding }, inputs, diagnostics }
}

interface Project extends Tsconfig {
  /** Whether editors and the bare `tsc` read the output by it, and not only another command. */
  readonly governs: boolean
}

interface Projects {
  readonly projects: readonly Project[]
  readonly inputs: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

function readProjects(folder: string): Projects {
  const nearest = findTsconfig(folder)
  if (nearest === undefined) return { projects: [], inputs: [], diagnostics: [] }
  const inputs: string[] = []
  const projects: Project[] = []
  const diagnostics: Diagnostic[] = []
  const read = (file: string, governs: boolean): void => {
    if (inputs.includes(file)) return
    inputs.push(file)
    try {
      const tsconfig = readTsconfig(file)
      if (!tsconfig.isSolution) projects.push({ ...tsconfig, governs })
      else for (const reference of tsconfig.references) if (isAbove(reference, folder)) read(reference, true)
    } catch (error) {
      diagnostics.push(reportUnreadable(file, error))
    }
  }
  read(nearest, true)
  for (const file of listTsconfigsBeside(nearest)) read(file, false)
  return { projects, inputs, diagnostics }
}

function isAbove(tsconfig: string, folder: string): boolean {
  return `${folder}${sep}`.startsWith(`${dirname(tsconfig)}${sep}`)
}

function reportUnreadable(file: string, error: unknown): Diagnostic {
  const reason = error instanceof Error ? error.message : String(error)
  const message = `tsconfig cannot be read, and the form of the output is chosen without it: ${reason}`
  return createDiagnostic('NG5005', { message, remedy: 'correct it, or choose by --language', place: { file } })
}
