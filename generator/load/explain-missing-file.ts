import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, extname } from 'node:path'
import { createDiagnostic } from '../diagnostics/create-diagnostic.js'
import type { Diagnostic } from '../diagnostics/diagnostic.js'
import { findNearest } from '../diagnostics/find-nearest.js'

const ENDINGS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx']

/** Says why a path is no schema file: nothing is there, a folder is, or a file of another kind. `undefined` where it is one. */
export function explainMissingFile(file: string): Diagnostic | undefined {
  const stats = statSync(file, { throwIfNoEntry: false })
  const name = JSON.stringify(basename(file))
  const place = { file }
  if (!stats) {
    const message = `schema file ${name} does not exist`
    return createDiagnostic('NG1003', { message, remedy: suggestNeighbour(file), place })
  }
  if (!stats.isFile()) {
    const message = `schema file ${name} is a folder`
    return createDiagnostic('NG1003', { message, remedy: 'name the file in it', place })
  }
  if (ENDINGS.includes(extname(file))) return undefined
  const message = `schema file ${name} is neither TypeScript nor JavaScript`
  return createDiagnostic('NG1003', { message, remedy: `give a file that ends in one of ${ENDINGS.join(', ')}`, place })
}

function suggestNeighbour(file: string): string {
  const folder = dirname(file)
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    return `there is no folder ${JSON.stringify(basename(folder))} either: correct the path`
  }
  const neighbours = readdirSync(folder).filter((name) => ENDINGS.includes(extname(name)))
  const nearest = findNearest(basename(file), neighbours)
  if (nearest) return `did you mean ${JSON.stringify(nearest)}?`
  return 'write it, or let `netgen init` write a first one'
}
