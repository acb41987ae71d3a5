import { readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { build } from '../../../generator/generator.js'
import { isIdentifier } from '../../../generator/model/names/identifier.js'
import { isReservedWord } from '../../../generator/model/names/reserved-words.js'
import { deriveSchemaNames } from '../../../generator/model/names/schema-names.js'
import { compileTypes } from '../compile-types.js'
import { createFolder, createProject, writeFile } from '../temporary-folder.js'
import { EVIL, listHostileTexts } from './hostile-strings.js'

const SCHEMA = `import { connection, Type } from 'netgen/schema'
export const Note = Type.Object({ a: Type.Null() })
export const ping = connection({ input: Note, tag: TAG })
`

const KEPT = [
  'a-b',
  'a.b.c',
  'Größe',
  'CON',
  'my-notes.v2',
  'a$b',
  '$',
  'then',
  'constructor',
  'of',
  '__proto__',
  'x'.repeat(60),
]

const REFUSED = [
  '*',
  "a'b",
  `'; ${EVIL}; '`,
  `\n${EVIL}`,
  '\u2028',
  '${' + EVIL + '}',
  '😀',
  '1a',
  'a%41',
  'a#b',
  'a?b',
  'a\\b',
  'a b',
  'undefined',
  'exports',
  'require',
  '__esModule',
  'class',
  '-',
  '.a!',
]

test('a schema file of any name is generated from, or is named as what cannot be', async () => {
  const folder = createProject()
  const listFiles = (names: readonly string[]): string[] => names.map((name) => `${name}.ts`)
  for (const [index, file] of listFiles([...KEPT, ...REFUSED]).entries())
    writeFile(folder, file, SCHEMA.replace('TAG', `'t${index}'`))
  const refused = await build({ schemas: listFiles(REFUSED), cwd: folder })
  expect(refused.diagnostics.map(({ code, place }) => `${code} ${basename(place?.file ?? '')}`)).toEqual(
    listFiles(REFUSED).map((file) => `NG4005 ${file}`),
  )
  expect(refused.files).toEqual([])

  const { diagnostics } = await build({ schemas: listFiles(KEPT), cwd: folder })
  expect(diagnostics).toEqual([])
  expect(compileTypes(folder, ['generated/**/*.ts'], 'generated')).toBe('')
  for (const file of listFiles(KEPT)) await import(/* @vite-ignore */ join(folder, 'generated', file))
  expect(globalThis).not.toHaveProperty('canary')
})

test('no name of a file gives a name of the generated code that could be anything else', () => {
  for (const text of listHostileTexts(500)) {
    const names = deriveSchemaNames(`/project/${text.replaceAll('/', '')}.ts`)
    const derived = names === undefined ? [] : [names.descriptor, names.handlers, names.stub]
    expect(derived.filter((name) => !isIdentifier(name) || isReservedWord(name))).toEqual([])
    expect(names?.baseName ?? '').toMatch(/^[\p{ID_Continue}$. -]*$/u)
  }
})

test('two schema files that a case-blind disk takes for one are refused together', async () => {
  const folder = createProject({
    'notes.ts': SCHEMA.replace('TAG', "'a'"),
    'other/Notes.ts': SCHEMA.replace('TAG', "'b'"),
  })
  const { diagnostics, files } = await build({ schemas: ['notes.ts', 'other/Notes.ts'], cwd: folder, out: 'generated' })
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
    'NG5004 schema would be written to "Notes.ts", as another schema of this build is',
  ])
  expect(files).toEqual([])
})

const FOLDERS = ['*', '\n' + EVIL, '\u2028' + EVIL, `\`\${${EVIL}}\`'`, '..a']

test.each(FOLDERS)('the folder of a schema runs nothing: %j', async (name) => {
  const inner = name.replaceAll('/', '')
  const folder = createProject({ [`${inner}/schema.ts`]: SCHEMA.replace('TAG', "'a'") })
  const { diagnostics } = await build({ schemas: [`${inner}/schema.ts`], cwd: folder, out: 'generated' })
  expect(diagnostics).toEqual([])
  const [, second = ''] = readFileSync(join(folder, 'generated/schema.ts'), 'utf8').split('\n')
  expect(second).toBe('/* eslint-disable */')
  await import(/* @vite-ignore */ join(folder, 'generated/schema.ts'))
  expect(globalThis).not.toHaveProperty('canary')
})

test.each(['../outside', 'inner/../../outside', 'ABSOLUTE'])(
  'an output folder elsewhere is written to, and nothing beside it: %s',
  async (out) => {
    const around = createFolder({ 'keep.txt': 'kept' })
    const folder = createProject({ 'schema.ts': SCHEMA.replace('TAG', "'a'") })
    const target = out === 'ABSOLUTE' ? join(around, 'outside') : out
    const { diagnostics, files } = await build({ schemas: ['schema.ts'], cwd: folder, out: target })
    expect(diagnostics).toEqual([])
    expect(files.map(({ path }) => basename(path)).sort()).toEqual(['ping.ts', 'schema.ts'])
    expect(readFileSync(join(around, 'keep.txt'), 'utf8')).toBe('kept')
  },
)

test('nothing is written through a link, nor over a file that netgen did not write', async () => {
  const elsewhere = createFolder()
  const folder = createProject({
    'schema.ts': SCHEMA.replace('TAG', "'a'"),
    'own/schema.ts': 'mine',
    'own/schema/ping.ts': 'mine',
  })
  symlinkSync(elsewhere, join(folder, 'linked'))
  symlinkSync(join(folder, 'own'), join(folder, 'loop'))
  const codes = []
  for (const out of ['linked', 'own', 'loop']) {
    const { diagnostics, files } = await build({ schemas: ['schema.ts'], cwd: folder, out })
    codes.push(...diagnostics.map(({ code }) => code))
    expect(files).toEqual([])
  }
  expect(codes).toEqual(['NG5002', 'NG5001', 'NG5002'])
  expect(readdirSync(elsewhere)).toEqual([])
  expect(readFileSync(join(folder, 'own/schema.ts'), 'utf8')).toBe('mine')
})
