import { lstat, readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { HEADER_START } from '../text/print-head.js'
import { FileProblem } from './file-problem.js'

/** Reads a file of the output; undefined where there is none. Throws a FileProblem for one that netgen did not write. */
export async function readOwnFile(path: string): Promise<string | undefined> {
  const status = await inspect(path)
  if (status === undefined) return undefined
  if (status.isSymbolicLink()) throw refuseLink(path)
  const text = status.isFile() ? await readFile(path, 'utf8') : ''
  if (text.startsWith(HEADER_START)) return text
  const message = 'output file was not written by netgen, and is not overwritten'
  throw new FileProblem('NG5001', path, message, 'move it away, or choose another folder with --out')
}

/** Makes sure that no folder between the output folder and a file of it, both included, leads elsewhere. */
export async function refuseLinkedFolders(folder: string, path: string): Promise<void> {
  for (let at = dirname(path); at.startsWith(folder); at = dirname(at)) {
    const status = await inspect(at)
    if (status?.isSymbolicLink()) throw refuseLink(at)
    if (at === folder) return
  }
}

/** Finds netgen's own files in a folder, absolute and sorted. None where there is no such folder. */
export async function listOwnFiles(folder: string): Promise<string[]> {
  const status = await inspect(folder)
  if (!status?.isDirectory()) return []
  const entries = await readdir(folder, { withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map(({ name }) => join(folder, name))
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')))
  return paths.filter((_, index) => texts[index]?.startsWith(HEADER_START)).sort()
}

async function inspect(path: string): Promise<Awaited<ReturnType<typeof lstat>> | undefined> {
  try {
    return await lstat(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw FileProblem.from(error, path)
  }
}

function refuseLink(path: string): FileProblem {
  const message = 'output leads through a link, which could end anywhere'
  return new FileProblem('NG5002', path, message, 'replace the link by a folder, or choose another with --out')
}
