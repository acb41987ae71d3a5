import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { BuildResult } from '../../../generator/build-result.js'
import { type Builder, createBuilder } from '../../../generator/builder.js'
import { createProject, writeFile } from '../temporary-folder.js'

const SCHEMA = `import { connection, Type } from 'netgen/schema'
/** Is there anybody? */
export const ping = connection({ input: Type.String({ maxLength: 5 }) })
/** There is. */
export const pong = connection({ output: Type.Integer() })
`

interface Project {
  readonly folder: string
  readonly builder: Builder
  /** Builds, and answers what changed. */
  readonly build: () => Promise<readonly string[]>
  readonly read: (path: string) => string
}

function startProject(): Project {
  const folder = createProject({ 'schema.ts': SCHEMA })
  const builder = createBuilder({ staysReady: true })
  onTestFinished(() => builder.close())
  return {
    folder,
    builder,
    build: async () => listChanges(folder, await builder.build({ schemas: ['schema.ts'], cwd: folder })),
    read: (path) => readFileSync(join(folder, path), 'utf8'),
  }
}

function listChanges(folder: string, { files, diagnostics }: BuildResult): string[] {
  const changes = files.filter(({ change }) => change !== 'unchanged')
  return [
    ...diagnostics.map(({ code }) => code),
    ...changes.map(({ path, change }) => `${change} ${path.slice(folder.length + 1)}`),
  ]
}

/** What a builder that has seen nothing would write. */
async function readFresh(text: string): Promise<Record<string, string>> {
  const { folder, build, read } = startProject()
  writeFile(folder, 'schema.ts', text)
  await build()
  return Object.fromEntries(
    ['schema.ts', 'schema/ping.ts', 'schema/pong.ts'].map((path) => [path, read(`generated/${path}`)]),
  )
}

describe('building again', () => {
  test.each<[what: string, text: string, want: readonly string[]]>([
    ['nothing', SCHEMA, []],
    ['a limit', SCHEMA.replace('5', '6'), ['updated generated/schema.ts', 'updated generated/schema/ping.ts']],
    ['a comment', SCHEMA.replace('anybody', 'somebody'), ['updated generated/schema.ts']],
    ['the order', SCHEMA.replace(/(\/\*\* Is.*\n.*\n)(\/\*\* There.*\n.*\n)/, '$2$1'), ['updated generated/schema.ts']],
    [
      'a type',
      SCHEMA.replace('Integer', 'Number'),
      ['updated generated/schema.ts', 'updated generated/schema/pong.ts'],
    ],
  ])('writes what a first build would when %s changed', async (_what, text, want) => {
    const { folder, build, read } = startProject()
    await build()
    writeFile(folder, 'schema.ts', text)
    expect(await build()).toEqual(want)
    for (const [path, fresh] of Object.entries(await readFresh(text))) expect(read(`generated/${path}`)).toBe(fresh)
  })

  test('takes what was begun, once, unless it was taken back', async () => {
    const { folder, builder, build } = startProject()
    await build()
    const file = join(folder, 'schema.ts')
    const limit = (characters: string): void => writeFile(folder, 'schema.ts', SCHEMA.replace('5', characters))
    const want = ['updated generated/schema.ts', 'updated generated/schema/ping.ts']
    limit('6')
    builder.begin(file)
    expect(await build()).toEqual(want)
    expect(await build()).toEqual([])
    builder.begin(file)
    limit('7')
    builder.discard(file)
    expect(await build()).toEqual(want)
    rmSync(file)
    builder.begin(file)
    expect(await build()).toEqual(['NG1003'])
    limit('7')
    expect(await build()).toEqual([])
  })

  test('goes on after a schema that was broken for a while', async () => {
    const { folder, build } = startProject()
    await build()
    writeFile(folder, 'schema.ts', `${SCHEMA}throw new Error('no')\n`)
    expect(await build()).toEqual(['NG1004'])
    writeFile(folder, 'schema.ts', SCHEMA)
    expect(await build()).toEqual([])
  })

  test.each<[what: string, touch: (path: string) => void, want: 'created' | 'updated']>([
    ['deleted', (path) => rmSync(path), 'created'],
    ['edited', (path) => writeFileSync(path, `${readFileSync(path, 'utf8')}// more\n`), 'updated'],
    [
      'edited without its size or time showing it',
      (path) => {
        writeFileSync(path, readFileSync(path, 'utf8').replace('validate', 'etadilav'))
        utimesSync(path, 1, 1)
      },
      'updated',
    ],
  ])('restores a file of the output that somebody %s', async (_what, touch, want) => {
    const { folder, build, read } = startProject()
    await build()
    const before = read('generated/schema/ping.ts')
    touch(join(folder, 'generated/schema/ping.ts'))
    expect(await build()).toEqual([`${want} generated/schema/ping.ts`])
    expect(read('generated/schema/ping.ts')).toBe(before)
  })

  test('keeps the schemas of several files apart', async () => {
    const { folder, builder } = startProject()
    writeFile(folder, 'other.ts', SCHEMA.replace('maxLength: 5', 'maxLength: 7'))
    const buildBoth = () => builder.build({ schemas: ['schema.ts', 'other.ts'], cwd: folder })
    expect((await buildBoth()).ok).toBe(true)
    expect(listChanges(folder, await buildBoth())).toEqual([])
    expect(readFileSync(join(folder, 'generated/other/ping.ts'), 'utf8')).toContain('7')
    expect(readFileSync(join(folder, 'generated/schema/ping.ts'), 'utf8')).toContain('5')
  })
})
