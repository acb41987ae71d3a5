import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OWN_FOLDER } from '../own-folder.js'

/** A program of netgen's own, for another process or thread: a file that Node runs as it is, or the text of a module. */
export type OwnProgram = { readonly file: string } | { readonly text: Promise<string> }

/**
 * Finds a program of netgen's own by the path of its module from the generator's folder, with slashes, without file ending. In
 * `dist` it is run as it is; sources are bundled first, which is what a test runs.
 */
export function findOwnProgram(path: string): OwnProgram {
  if (!import.meta.url.endsWith('.ts')) return { file: fileURLToPath(new URL(`${path}.js`, OWN_FOLDER)) }
  return { text: bundleText(fileURLToPath(new URL(path, OWN_FOLDER))) }
}

async function bundleText(path: string): Promise<string> {
  const { bundleProgram } = await import('./bundle.js')
  return await bundleProgram(`import './${basename(path)}'`, dirname(path))
}
