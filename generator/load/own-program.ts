import { basename, dirname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
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

/** Finds what a thread is started with that runs a program of netgen's own. */
export async function locateThread(path: string): Promise<URL> {
  const program = findOwnProgram(path)
  if ('file' in program) return pathToFileURL(program.file)
  return new URL(`data:text/javascript;base64,${Buffer.from(await program.text).toString('base64')}`)
}

async function bundleText(path: string): Promise<string> {
  const { bundleProgram } = await import('./bundle.js')
  return await bundleProgram(`import './${basename(path)}'`, dirname(path))
}
