import { lstatSync, readdirSync, readFileSync, type Stats } from 'node:fs'
import { dirname, join } from 'node:path'
import { HEADER_STARTS } from '../text/print-head.js'
import { SOURCE_MAP_START } from '../text/print-source-map.js'
import { FileProblem } from './file-problem.js'

// Without promises: a thousand small files are looked at in 40 ms so, and in 300 with a promise for each step.

/** Reads a file of the output; undefined where there is none. Throws a FileProblem for one that netgen did not write. */
export function readOwnFile(path: string): string | undefined {
  const status = inspect(path)
  if (status === undefined) return undefined
  if (status.isSymbolicLink()) throw refuseLink(path)
  const text = status.isFile() ? readFileSync(path, 'utf8') : ''
  if (isOwnText(path, text)) return text
  const message = 'output file was not written by netgen, and is not overwritten'
  throw new FileProblem('NG5001', path, message, 'move it away, or choose another folder with --out')
}

/** Makes sure that neither the output folder nor any folder between it and these files leads elsewhere. */
export function refuseLinkedFolders(folder: string, paths: readonly string[]): void {
  for (const parent of new Set(paths.map(dirname))) {
    for (let at = parent; at.startsWith(folder); at = dirname(at)) {
      if (inspect(at)?.isSymbolicLink()) throw refuseLink(at)
      if (at === folder) break
    }
  }
}

/** Finds netgen's own files in a folder besides those that are wanted, absolute and sorted. None where there is no folder. */
export function listOwnFiles(folder: string, wanted: ReadonlySet<string>): string[] {
  if (!inspect(folder)?.isDirectory()) return []
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => !wanted.has(path) && isOwnFile(path))
    .sort()
}

/** Whether a file that netgen wrote is there. */
export function isOwnFile(path: string): boolean {
  return inspect(path)?.isFile() === true && isOwnText(path, readFileSync(path, 'utf8'))
}

// What `tsc` writes beside a generated file begins like the file, but is not netgen's to remove.
function isOwnText(path: string, text: string): boolean {
  if (path.endsWith('.map')) return text.startsWith(SOURCE_MAP_START)
  const isTypeScript = path.endsWith('.ts') && !path.endsWith('.d.ts')
  return text.startsWith(HEADER_STARTS[isTypeScript ? 'ts' : 'js'])
}

function inspect(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    throw FileProblem.from(error, path)
  }
}

function refuseLink(path: string): FileProblem {
  const message = 'output leads through a link, which could end anywhere'
  return new FileProblem('NG5002', path, message, 'replace the link by a folder, or choose another with --out')
}
