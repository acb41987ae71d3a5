import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A program of netgen's own, for another process or thread: a file that Node runs as it is, or the text of a module. */
export type OwnProgram = { readonly file: string } | { readonly text: Promise<string> }

/**
 * Finds a program of netgen's own by the name of its module, relative to the module that asks. In `dist` it is run as it is;
 * sources are bundled first, which is what a test runs.
 *
 * @param url `import.meta.url` of the module that asks.
 * @param path With slashes, without file ending.
 */
export function findOwnProgram(url: string, path: string): OwnProgram {
  if (!url.endsWith('.ts')) return { file: fileURLToPath(new URL(`${path}.js`, url)) }
  return { text: bundleText(fileURLToPath(new URL(path, url))) }
}

async function bundleText(path: string): Promise<string> {
  const { bundleProgram } = await import('./bundle.js')
  return await bundleProgram(`import './${basename(path)}'`, dirname(path))
}
