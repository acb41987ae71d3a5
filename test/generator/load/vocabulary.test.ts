import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createProject, PACKAGE_FOLDER } from '../temporary-folder.js'

const MAIN = join(PACKAGE_FOLDER, 'dist/generator/cli/main.js')
const CACHE = 'node_modules/.cache/netgen'

// Built by the command, as only Node itself says where the vocabulary is.
function build(folder: string): string {
  return execFileSync(process.execPath, [MAIN, 'build', 'schema.ts'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
}

/** A project that was built once, with TypeBox and this schema installed in it. */
function buildOnce(schema: string, files: Readonly<Record<string, string>> = {}): string {
  const folder = createProject({ 'schema.ts': schema, ...files })
  symlinkSync(join(PACKAGE_FOLDER, 'node_modules/typebox'), join(folder, 'node_modules/typebox'))
  build(folder)
  return folder
}

function locateKept(folder: string): string {
  const [name = ''] = readdirSync(join(folder, CACHE)).filter((entry) => entry.startsWith('vocabulary-'))
  return join(folder, CACHE, name)
}

function readTag(folder: string): string | undefined {
  return /tag: '(.*)'/.exec(readFileSync(join(folder, 'generated/schema.ts'), 'utf8'))?.[1]
}

const PLAIN = `import { connection, Type } from 'netgen/schema'
export const found = connection({ tag: import.meta.resolve ? 'a' : 'b', input: Type.Object({ a: Type.String() }) })
`

/** Whether the schema file has the same TypeBox by two ways. */
const TWO_WAYS = `import { connection, Type as ours } from 'netgen/schema'
import { Type as theirs } from 'other'
export const found = connection({ tag: String(ours === theirs) })
`

describe('the vocabulary in few files', () => {
  test('is kept by the first build, and changes nothing of the next one', () => {
    const folder = buildOnce(PLAIN)
    expect(readdirSync(locateKept(folder)).map((name) => name.replace(/-\w+/, ''))).toEqual([
      'chunk.mjs',
      'manifest.json',
      'schema.mjs',
      'typebox.mjs',
    ])
    expect(build(folder)).toBe('')
  })

  test('is one with TypeBox itself', () => {
    const folder = buildOnce(TWO_WAYS.replace("'other'", "'typebox'"))
    build(folder)
    expect(readTag(folder)).toBe('true')
  })

  test('stays away from a schema whose packages have the vocabulary too', () => {
    const folder = buildOnce(TWO_WAYS, {
      'node_modules/other/package.json': '{ "name": "other", "type": "module", "exports": "./index.js" }',
      'node_modules/other/index.js': `export { Type } from 'typebox'`,
    })
    expect(build(folder)).toBe('')
    expect(readTag(folder)).toBe('true')
  })

  test.each<[what: string, damage: (kept: string) => void]>([
    ['cut short', (kept) => writeFileSync(join(kept, 'schema.mjs'), '')],
    ['changed', (kept) => writeFileSync(join(kept, 'typebox.mjs'), 'throw new Error()')],
    ['without its manifest', (kept) => rmSync(join(kept, 'manifest.json'))],
    ['full of something else', (kept) => writeFileSync(join(kept, 'manifest.json'), '{}')],
  ])('is made again where what was kept is %s', (_what, damage) => {
    const folder = buildOnce(PLAIN)
    const before = readFileSync(join(locateKept(folder), 'schema.mjs'), 'utf8')
    damage(locateKept(folder))
    expect(build(folder)).toBe('')
    expect(readFileSync(join(locateKept(folder), 'schema.mjs'), 'utf8')).toBe(before)
    expect(build(folder)).toBe('')
  })

  test('names an export that is missing as it does without', () => {
    const folder = buildOnce(PLAIN)
    writeFileSync(join(folder, 'schema.ts'), PLAIN.replaceAll('connection', 'conection'))
    const { stderr } = spawnSync(process.execPath, [MAIN, 'build', 'schema.ts'], { cwd: folder, encoding: 'utf8' })
    expect(stderr).toContain('"netgen/schema" exports no "conection"')
    expect(stderr).toContain('schema.ts:1:10')
  })
})
