import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serialize } from 'node:v8'
import { describe, expect, test } from 'vitest'
import { writeCacheEntry } from '../../../generator/cache/cache-entry.js'
import { createProject, PACKAGE_FOLDER, writeFile } from '../temporary-folder.js'

const MAIN = join(PACKAGE_FOLDER, 'dist/generator/cli/main.js')
const CACHE = 'node_modules/.cache/netgen'

const FILES = {
  'schema.ts': `import { connection } from 'netgen/schema'
import { Note } from './note'
/** Saves. */
export const save = connection({ input: Note })
export { Note }
`,
  'note.ts': `import { Type } from 'netgen/schema'
/** A note. */
export const Note = Type.Object({ /** What it says. */ body: Type.String() })
`,
}

// Built by the command: only a bundled netgen keeps what it read.
function build(folder: string): string[] {
  const args = [MAIN, 'build', 'schema.ts', '--language', 'js']
  const said = execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
  return said.split('\n').filter((line) => line !== '')
}

function listEntries(folder: string): string[] {
  const names = readdirSync(join(folder, CACHE)).filter((name) => name.startsWith('source-'))
  return names.map((name) => join(folder, CACHE, name))
}

describe('outlines of source files', () => {
  test('are kept for each file, and follow its text', () => {
    const folder = createProject(FILES)
    build(folder)
    expect(listEntries(folder)).toHaveLength(2)
    expect(build(folder)).toEqual([])
    for (const [before, after] of [
      ['What it says.', 'Its words.'],
      ['Its words.', 'What it says.'],
    ] as const) {
      writeFile(folder, 'note.ts', readFileSync(join(folder, 'note.ts'), 'utf8').replace(before, after))
      expect(build(folder)).toEqual(['updated generated/schema.d.ts', 'updated generated/schema.d.ts.map'])
      expect(readFileSync(join(folder, 'generated/schema.d.ts'), 'utf8')).toContain(after)
      expect(listEntries(folder)).toHaveLength(2)
    }
  })

  test.each<[what: string, damage: (entry: string) => void]>([
    ['cut short', (entry) => writeFileSync(entry, readFileSync(entry).subarray(0, 50))],
    ['emptied', (entry) => writeFileSync(entry, '')],
    ['of another form', (entry) => writeCacheEntry(entry, '{}')],
    ['of another text', (entry) => writeCacheEntry(entry, serialize({ text: 'another', outline: {} }))],
  ])('are read again where what was kept is %s', (_what, damage) => {
    const folder = createProject(FILES)
    build(folder)
    for (const entry of listEntries(folder)) damage(entry)
    expect(build(folder)).toEqual([])
  })
})
