import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const fromHere = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const bundled = new Map<string, Promise<string>>()

/** A program of this folder with all that it imports in one file, from the sources: thirty processes of it start in a few seconds. */
export function bundleProgram(name: 'peer-program' | 'hostile-program'): Promise<string> {
  const known = bundled.get(name)
  if (known !== undefined) return known
  const made = bundle(name)
  bundled.set(name, made)
  return made
}

async function bundle(name: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'netgen-program-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const outfile = join(folder, `${name}.mjs`)
  await build({
    entryPoints: [fromHere(`${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    alias: { 'netgen/runtime': fromHere('../../../runtime/runtime.ts') },
    // Packages of CommonJS ask for Node's modules as those do.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  })
  return outfile
}
