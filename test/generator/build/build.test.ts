import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { build } from '../../../generator/build.js'
import type { BuildOptions } from '../../../generator/build-result.js'
import { createFolder, createProject, writeFile } from '../temporary-folder.js'

const SCHEMA = `import { connection } from 'netgen/schema'
export const ping = connection({})
export const pong = connection({})
`
const LESS = SCHEMA.replace('export const pong = connection({})\n', '')
const BROKEN = SCHEMA.replace('connection({})', "connection({ tag: '' })")

interface Outcome {
  readonly ok: boolean
  readonly diagnostics: readonly string[]
  readonly files: readonly string[]
}

async function run(folder: string, options: Partial<BuildOptions> = {}): Promise<Outcome> {
  const { ok, diagnostics, files } = await build({ schemas: ['schema.ts'], cwd: folder, ...options })
  return {
    ok,
    diagnostics: diagnostics.map(({ code, message }) => `${code} ${message}`),
    files: files.map(({ path, change }) => `${path.slice(folder.length + 1)} ${change}`),
  }
}

function list(folder: string): string[] {
  return readdirSync(folder, { recursive: true }).map(String).sort()
}

const EVERYTHING = ['schema', 'schema.ts', 'schema/ping.ts', 'schema/pong.ts']

describe('building', () => {
  test('writes once, and only what changed after that', async () => {
    const folder = createProject({ 'schema.ts': SCHEMA })
    expect(await run(folder)).toEqual({
      ok: true,
      diagnostics: [],
      files: ['generated/schema.ts created', 'generated/schema/ping.ts created', 'generated/schema/pong.ts created'],
    })
    const before = statSync(join(folder, 'generated/schema.ts')).ino
    const again = await run(folder)
    expect(again.files.map((file) => file.split(' ')[1])).toEqual(['unchanged', 'unchanged', 'unchanged'])
    expect(statSync(join(folder, 'generated/schema.ts')).ino).toBe(before)
    expect(list(join(folder, 'generated'))).toEqual(EVERYTHING)
  })

  test('removes what a connection left behind, and nothing that it did not write', async () => {
    const folder = createProject({ 'schema.ts': SCHEMA })
    await run(folder)
    writeFile(folder, 'generated/schema/mine.ts', '// by hand\n')
    writeFile(folder, 'schema.ts', LESS)
    expect((await run(folder)).files).toEqual([
      'generated/schema.ts updated',
      'generated/schema/ping.ts unchanged',
      'generated/schema/pong.ts removed',
    ])
    expect(list(join(folder, 'generated'))).toEqual(['schema', 'schema.ts', 'schema/mine.ts', 'schema/ping.ts'])
  })

  test('leaves the output as it was when anything is wrong with any schema', async () => {
    const folder = createProject({ 'schema.ts': SCHEMA, 'other.ts': BROKEN })
    const outcome = await run(folder, { schemas: ['schema.ts', 'other.ts', 'schema.ts'] })
    expect(outcome).toEqual({ ok: false, diagnostics: ['NG2005 ping.tag is "", which is empty'], files: [] })
    expect(readdirSync(folder).sort()).toEqual(['node_modules', 'other.ts', 'schema.ts'])
  })

  test('with check, says what it would do, and does nothing', async () => {
    const folder = createProject({ 'schema.ts': SCHEMA })
    expect(await run(folder, { check: true })).toMatchObject({ ok: false, diagnostics: [] })
    expect(readdirSync(folder).sort()).toEqual(['node_modules', 'schema.ts'])
    await run(folder)
    expect(await run(folder, { check: true })).toMatchObject({ ok: true, diagnostics: [] })
    writeFile(folder, 'schema.ts', LESS)
    expect((await run(folder, { check: true })).files).toContain('generated/schema/pong.ts removed')
    expect(list(join(folder, 'generated'))).toEqual(EVERYTHING)
  })

  test('puts tags of several schemas into one table', async () => {
    const same = SCHEMA.replaceAll('connection({})', "connection({ tag: 'same' })")
    const folder = createProject({ 'a.ts': same.replace(/.*pong.*\n/, ''), 'b.ts': same.replace(/.*ping.*\n/, '') })
    expect(await run(folder, { schemas: ['a.ts', 'b.ts'] })).toEqual({
      ok: false,
      diagnostics: ['NG2007 pong has the tag "same", which ping of a.ts has too'],
      files: [],
    })
  })

  test('refuses two schemas that would be written to one file', async () => {
    const tagged = (tag: string): string => LESS.replace('{}', `{ tag: '${tag}' }`)
    const folder = createProject({ 'a/Notes.ts': tagged('a'), 'b/notes.ts': tagged('b') })
    const outcome = await run(folder, { schemas: ['a/Notes.ts', 'b/notes.ts'], out: 'generated' })
    expect(outcome).toEqual({
      ok: false,
      diagnostics: ['NG5004 schema would be written to "notes.ts", as another schema of this build is'],
      files: [],
    })
  })
})

const NO_EMIT = '{ "compilerOptions": { "noEmit": true } }'
const SCRIPTS = ['schema', 'schema.d.ts', 'schema.d.ts.map', 'schema.js', 'schema/ping.js', 'schema/pong.js']

describe('the form of the output', () => {
  test('is TypeScript whose imports end as asked', async () => {
    const folder = createProject({ 'schema.ts': LESS })
    const readImport = (): unknown =>
      /import\('(.*)'\)/.exec(readFileSync(join(folder, 'generated/schema.ts'), 'utf8'))?.[1]
    await run(folder)
    expect(readImport()).toBe('./schema/ping.js')
    await run(folder, { importEnding: 'ts' })
    expect(readImport()).toBe('./schema/ping.ts')
    await run(folder, { importEnding: 'none' })
    expect(readImport()).toBe('./schema/ping')
  })

  test('changes with the tsconfig, and leaves nothing of the other behind', async () => {
    const folder = createProject({ 'schema.ts': SCHEMA })
    await run(folder)
    writeFile(folder, 'tsconfig.json', NO_EMIT)
    const { inputs } = await build({ schemas: ['schema.ts'], cwd: folder })
    expect(inputs).toEqual(['schema.ts', 'tsconfig.json'].map((name) => join(folder, name)))
    expect(list(join(folder, 'generated'))).toEqual(SCRIPTS)
    rmSync(join(folder, 'tsconfig.json'))
    await run(folder)
    expect(list(join(folder, 'generated'))).toEqual(EVERYTHING)
  })

  test('never counts what the compiler wrote beside it as its own', async () => {
    const folder = createProject({ 'schema.ts': SCHEMA })
    await run(folder)
    for (const path of ['generated/schema', 'generated/schema/ping', 'generated/schema/gone']) {
      const text = readFileSync(join(folder, 'generated/schema.ts'), 'utf8')
      writeFile(folder, `${path}.js`, text)
      writeFile(folder, `${path}.d.ts`, text)
      writeFile(folder, `${path}.js.map`, '{"version":3,"file":"schema.js"}')
    }
    expect(await run(folder, { check: true })).toMatchObject({ ok: true })
    expect((await run(folder)).files.map((file) => file.split(' ')[1])).toEqual(['unchanged', 'unchanged', 'unchanged'])
  })

  test('has a map that a moved line changes, which alone is not out of date', async () => {
    const folder = createProject({ 'schema.ts': SCHEMA, 'tsconfig.json': NO_EMIT })
    await run(folder)
    writeFile(folder, 'schema.ts', `\n${SCHEMA}`)
    const checked = await run(folder, { check: true })
    expect([checked.ok, checked.files.filter((file) => !file.endsWith(' unchanged'))]).toEqual([true, []])
    expect((await run(folder)).files.filter((file) => !file.endsWith(' unchanged'))).toEqual([
      'generated/schema.d.ts.map updated',
    ])
  })
})

describe('the output', () => {
  test.each([
    ['a file written by hand', 'generated/schema.ts', '// by hand\n'],
    ['an empty file', 'generated/schema/ping.ts', ''],
  ])('never replaces %s', async (_, path, text) => {
    const folder = createProject({ 'schema.ts': SCHEMA, [path]: text })
    const before = list(join(folder, 'generated'))
    expect(await run(folder)).toEqual({
      ok: false,
      diagnostics: ['NG5001 output file was not written by netgen, and is not overwritten'],
      files: [],
    })
    expect(readFileSync(join(folder, path), 'utf8')).toBe(text)
    expect(list(join(folder, 'generated'))).toEqual(before)
  })

  test.each([
    ['the output folder', 'generated'],
    ["the schema's own folder", 'generated/schema'],
    ['a file', 'generated/schema.ts'],
  ])('never goes through a link in place of %s', async (_, path) => {
    const elsewhere = createFolder()
    const folder = createProject({ 'schema.ts': SCHEMA })
    mkdirSync(join(folder, 'generated'))
    rmSync(join(folder, path), { recursive: true, force: true })
    symlinkSync(elsewhere, join(folder, path))
    expect(await run(folder)).toEqual({
      ok: false,
      diagnostics: ['NG5002 output leads through a link, which could end anywhere'],
      files: [],
    })
    expect(readdirSync(elsewhere)).toEqual([])
  })

  test('is refused where a file stands in place of its folder', async () => {
    const folder = createProject({ 'schema.ts': SCHEMA, generated: '' })
    const outcome = await run(folder)
    expect(outcome).toEqual({
      ok: false,
      diagnostics: ['NG5003 output cannot be written: the file system says ENOTDIR'],
      files: [],
    })
  })
})
