import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeCacheEntry } from '../../../generator/cache/cache-entry.js'
import { readModule } from '../../../generator/source/read-module.js'
import { type LoadedTypeScript, loadTypeScript } from '../../../generator/source/typescript.js'
import { createFolder, PACKAGE_FOLDER } from '../temporary-folder.js'

const TEXT = `/** A. */ export const a = Type.Object({ b: Type.Literal(1) })`

function parse({ ts }: LoadedTypeScript): unknown {
  return readModule(ts, '/schema.ts', TEXT)
}

/** Loads the compiler, parses with it, and lets it keep what the next one is faster by. Answers the entry's path. */
function fill(folder: string): string {
  const loaded = loadTypeScript(folder)
  parse(loaded)
  loaded.keep()
  const [name = ''] = readdirSync(folder)
  return join(folder, name)
}

test('the compiler parses alike with what an earlier one kept', () => {
  const folder = createFolder()
  const entry = fill(folder)
  const kept = readFileSync(entry)
  const again = loadTypeScript(folder)
  expect(parse(again)).toEqual(parse(loadTypeScript()))
  again.keep()
  expect(readFileSync(entry).equals(kept)).toBe(true)
})

test.each<[what: string, damage: (entry: string) => void]>([
  ['cut short', (entry) => writeFileSync(entry, readFileSync(entry).subarray(0, 1000))],
  ['emptied', (entry) => writeFileSync(entry, '')],
])('the compiler loads where what was kept is %s, and keeps it anew', (_what, damage) => {
  const folder = createFolder()
  const entry = fill(folder)
  damage(entry)
  const before = readFileSync(entry)
  const loaded = loadTypeScript(folder)
  expect(parse(loaded)).toEqual(parse(loadTypeScript()))
  loaded.keep()
  expect(readFileSync(entry).length).toBeGreaterThan(before.length)
})

test('the compiler loads where V8 refuses what was kept, and keeps it anew', () => {
  const folder = createFolder()
  const entry = fill(folder)
  writeCacheEntry(entry, 'of another V8')
  // In this process, V8 remembers the compiler's text, and looks at nothing else.
  const program = `import { loadTypeScript } from ${JSON.stringify(join(PACKAGE_FOLDER, 'dist/generator/source/typescript.js'))}
    const { ts, keep } = loadTypeScript(${JSON.stringify(folder)})
    keep()
    console.log(ts.createSourceFile('a.ts', 'a; b', 99).statements.length)`
  expect(execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' })).toBe('2\n')
  expect(readFileSync(entry).length).toBeGreaterThan(100_000)
})

test('the compiler loads where nothing can be kept', () => {
  const folder = createFolder({ taken: '' })
  const loaded = loadTypeScript(join(folder, 'taken'))
  expect(parse(loaded)).toEqual(parse(loadTypeScript()))
  loaded.keep()
  expect(readdirSync(folder)).toEqual(['taken'])
})
