import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { formatDiagnostic } from '../../../generator/diagnostics/format-diagnostic.js'
import { loadSchema } from '../../../generator/load/load-schema.js'

const FOLDER = fileURLToPath(new URL('../../../fixtures/invalid/load', import.meta.url))
const SCHEMAS = readdirSync(FOLDER).filter((name) => name.endsWith('.ts'))

async function printDiagnostics(file: string): Promise<string> {
  const result = await loadSchema(file, { timeoutMs: 3_000 })
  const diagnostics = result.ok ? [] : result.diagnostics
  return diagnostics.map((diagnostic) => `${formatDiagnostic(diagnostic, { cwd: FOLDER })}\n`).join('\n')
}

describe('a schema file that cannot be loaded', () => {
  it.each(SCHEMAS)('%s is explained as in the text beside it', async (name) => {
    const file = join(FOLDER, name)
    await expect(await printDiagnostics(file)).toMatchFileSnapshot(file.replace(/\.ts$/, '.txt'))
  })

  it.each([
    [
      'no-such-schema.ts',
      'schema file "no-such-schema.ts" does not exist',
      'write it, or let `netgen init` write a first one',
    ],
    ['thorw.ts', 'schema file "thorw.ts" does not exist', 'did you mean "throw.ts"?'],
    [
      'nowhere/schema.ts',
      'schema file "schema.ts" does not exist',
      'there is no folder "nowhere" either: correct the path',
    ],
    ['helper', 'schema file "helper" is a folder', 'name the file in it'],
    [
      'throw.txt',
      'schema file "throw.txt" is neither TypeScript nor JavaScript',
      'give a file that ends in one of .ts, .mts, .cts, .tsx, .js, .mjs, .cjs, .jsx',
    ],
  ])('%s is no schema file', async (name, message, remedy) => {
    expect(await printDiagnostics(join(FOLDER, name))).toBe(`${name} error NG1003: ${message}\n  ${remedy}\n`)
  })
})
