import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

const bundled = new Map<string, Promise<string>>()

/**
 * A program of the tests with all that it imports in one file, from the sources: processes of it start several times as fast as with
 * a loader of TypeScript.
 */
export function bundleProgram(source: URL): Promise<string> {
  const known = bundled.get(source.href)
  if (known !== undefined) return known
  const made = bundle(fileURLToPath(source))
  bundled.set(source.href, made)
  return made
}

async function bundle(source: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'netgen-program-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const outfile = join(folder, `${basename(source, '.ts')}.mjs`)
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    alias: {
      'netgen/runtime': fromRoot('runtime/runtime.ts'),
      'netgen/runtime/v1': fromRoot('runtime/v1.ts'),
    },
    // Packages of CommonJS ask for Node's modules as those do.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  })
  return outfile
}
