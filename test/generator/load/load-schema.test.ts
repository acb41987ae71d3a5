import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type LoadResult, loadSchema } from '../../../generator/load/load-schema.js'
import type { LoadedSchema } from '../../../generator/load/loaded-schema.js'
import { createProject, PACKAGE_FOLDER } from '../temporary-folder.js'

const PING = `import { connection } from 'netgen/schema'\n`

async function loadProject(files: Readonly<Record<string, string>>): Promise<LoadedSchema> {
  return expectLoaded(await loadSchema(join(createProject(files), 'schema.ts')))
}

function expectLoaded(result: LoadResult): LoadedSchema {
  expect(result).toMatchObject({ ok: true })
  return (result as LoadResult & { readonly ok: true }).schema
}

/** What `export const found = connection({ tag: … })` declares: a way to bring a text out of a schema file. */
function readTag(schema: LoadedSchema): unknown {
  const found = schema.exports.find(({ name }) => name === 'found')?.value
  return found?.is === 'connection' && JSON.parse(JSON.stringify(found.declaration, replaceMap)).entries.tag
}

function replaceMap(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value
}

describe('loading a schema file', () => {
  it.each<[how: string, files: Record<string, string>]>([
    ['with the ending .js', { 'schema.ts': `import { tag } from './tag.js'`, 'tag.ts': `export const tag = 'here'` }],
    ['with the ending .ts', { 'schema.ts': `import { tag } from './tag.ts'`, 'tag.ts': `export const tag = 'here'` }],
    ['without an ending', { 'schema.ts': `import { tag } from './tag'`, 'tag.ts': `export const tag = 'here'` }],
    ['as a folder', { 'schema.ts': `import { tag } from './tag'`, 'tag/index.ts': `export const tag = 'here'` }],
    [
      'by a path alias',
      {
        'schema.ts': `import { tag } from '@/tag'`,
        'src/tag.ts': `export const tag = 'here'`,
        'tsconfig.json': `{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }`,
      },
    ],
    [
      'by an import of the package',
      {
        'schema.ts': `import { tag } from '#tag'`,
        'src/tag.ts': `export const tag = 'here'`,
        'package.json': `{ "imports": { "#tag": "./src/tag.ts" } }`,
      },
    ],
    [
      'from a package of TypeScript sources',
      {
        'schema.ts': `import { tag } from '@shop/tags'`,
        'node_modules/@shop/tags/package.json': `{ "name": "@shop/tags", "exports": "./src/tags.ts" }`,
        'node_modules/@shop/tags/src/tags.ts': `import { word } from './word'\nexport const tag: string = word`,
        'node_modules/@shop/tags/src/word.ts': `export enum Word { Here = 'here' }\nexport const word = Word.Here`,
      },
    ],
    [
      'from an ES module package',
      {
        'schema.ts': `import { tag } from 'tags'`,
        'node_modules/tags/package.json': `{ "type": "module", "exports": { "module": "./no.js", "import": "./yes.js" } }`,
        'node_modules/tags/no.js': `export const tag = 'what only bundlers see'`,
        'node_modules/tags/yes.js': `export const tag = 'here'`,
      },
    ],
    [
      'from a CommonJS package',
      {
        'schema.ts': `import tags from 'tags'\nconst { tag } = tags`,
        'node_modules/tags/index.js': `exports.tag = 'here'`,
      },
    ],
    [
      'from a CommonJS file that requires',
      {
        'schema.ts': `import tags from './tags.cjs'\nconst { tag } = tags`,
        'tags.cjs': `const { sep } = require('path')\nmodule.exports = { tag: require('tags').tag, sep }`,
        'node_modules/tags/index.js': `exports.tag = 'here'`,
      },
    ],
    [
      'from JSON',
      {
        'schema.ts': `import json from './tag.json' with { type: 'json' }\nconst { tag } = json`,
        'tag.json': `{ "tag": "here" }`,
      },
    ],
    [
      'from Node',
      {
        'schema.ts': `import { basename } from 'node:path'\nimport fs from 'fs'\nconst tag = fs && basename('/over/here')`,
      },
    ],
    ['by an enum', { 'schema.ts': `enum Tag { Here = 'here' }\nconst tag = Tag.Here` }],
    ['by a top-level await', { 'schema.ts': `const tag = await Promise.resolve('here')` }],
    [
      'from a file that has side effects only',
      {
        'schema.ts': `import './set'\nconst { tag } = globalThis as never`,
        'set.ts': `Object.assign(globalThis, { tag: 'here' })`,
        'package.json': `{ "sideEffects": false }`,
      },
    ],
  ])('finds a value %s', async (_how, { 'schema.ts': schema, ...files }) => {
    const loaded = await loadProject({
      ...files,
      'schema.ts': `${PING}${schema}\nexport const found = connection({ tag })\n`,
    })
    expect(readTag(loaded)).toBe('here')
  })

  it.each([
    ['schema.ts', `#!/usr/bin/env node\nimport.meta.url`, 'schema.ts'],
    ['my files/#1 schema.ts', `import.meta.filename`, 'my files/#1 schema.ts'],
    ['schema.ts', `import.meta.dirname`, ''],
  ])('knows where it stands: %s asks for %j', async (name, source, want) => {
    const [hashbang, expression] = source.includes('\n') ? source.split('\n') : ['', source]
    const folder = createProject({
      [name]: `${hashbang}\n${PING}export const found = connection({ tag: ${expression} })\n`.trimStart(),
    })
    const tag = String(readTag(expectLoaded(await loadSchema(join(folder, name)))))
    expect(tag.replace('file://', '')).toBe(join(folder, want))
  })

  it('lists the exports as the source does', async () => {
    const { exports } = await loadProject({
      'schema.ts': `${PING}export const zebra = connection({})\nexport * from './more'\nexport const ant = connection({})\n`,
      'more.ts': `${PING}export const mole = connection({})\nexport const bee = connection({})\n`,
    })
    expect(exports.map(({ name }) => name)).toEqual(['zebra', 'mole', 'bee', 'ant'])
  })

  it('says of every other export what it is', async () => {
    const { exports } = await loadProject({
      'schema.ts': [
        `export const number = 1`,
        `export const text = 'a'`,
        `export const nothing = null`,
        `export const list = [1]`,
        `export const object = { type: 'string' }`,
        `export const date = new Date()`,
        `export const proxy = new Proxy({}, { getOwnPropertyDescriptor() { throw new Error('touched') } })`,
        `export function run() {}`,
        `export enum Color { Red }`,
        `export default 1`,
      ].join('\n'),
    })
    expect(Object.fromEntries(exports.map(({ name, value }) => [name, value]))).toEqual({
      number: { is: 'other', type: 'number' },
      text: { is: 'other', type: 'string' },
      nothing: { is: 'other', type: 'null' },
      list: { is: 'other', type: 'array' },
      object: { is: 'other', type: 'object' },
      date: { is: 'other', type: 'Date' },
      proxy: { is: 'other', type: 'Proxy' },
      run: { is: 'other', type: 'function' },
      Color: { is: 'other', type: 'object' },
      default: { is: 'other', type: 'number' },
    })
  })

  it('keeps what is shared, and what goes round in a circle', async () => {
    const { exports } = await loadProject({
      'schema.ts': `import { connection, Type } from 'netgen/schema'
        export const Note = Type.Object({ id: Type.String() })
        const round: Record<string, unknown> = {}
        round.self = round
        export const save = connection({ input: Note, output: Type.Array(Note, { examples: [round] }) })`,
    })
    const [note, save] = exports.map(({ value }) => value)
    const declaration = save?.is === 'connection' ? save.declaration : undefined
    expect(declaration).toMatchObject({ is: 'object' })
    const { entries } = declaration as Extract<typeof declaration, { readonly is: 'object' }>
    expect(entries.get('input')).toBe(note)
    const output = entries.get('output') as Extract<typeof note, { readonly is: 'schema' }>
    expect(output.keywords.get('items')).toBe(note)
    const [round] = output.keywords.get('examples') as unknown as [{ readonly entries: ReadonlyMap<string, unknown> }]
    expect(round.entries.get('self')).toBe(round)
  })

  it('ends although the schema file left a timer and a server open', async () => {
    const { exports } = await loadProject({
      'schema.ts': `${PING}import { createServer } from 'node:net'
        setInterval(() => {}, 1_000)
        createServer().listen(0)
        process.on('exit', () => { for (;;); })
        export const found = connection({})`,
    })
    expect(exports.map(({ name }) => name)).toEqual(['found'])
  })

  it('names every file that it read, and where it looked in vain', async () => {
    const folder = createProject({
      'schema.ts': `import './a'\nimport './b.js'\nimport { connection } from 'netgen/schema'\nexport const x = connection({})`,
      'a.ts': `import type { B } from './types'\nexport const a = 1`,
      'types.ts': `export interface B {}`,
    })
    const { ok, inputs } = await loadSchema(join(folder, 'schema.ts'))
    expect(ok).toBe(false)
    expect([...inputs].sort()).toEqual(['a.ts', 'b.js', 'schema.ts'].map((name) => join(folder, name)))
  })

  it('reads schemas of the older TypeBox', async () => {
    const folder = createProject({
      'schema.ts': `${PING}import { Type } from '@sinclair/typebox'
        export const Old = Type.Object({ a: Type.Optional(Type.Readonly(Type.String())) })
        export const found = connection({ input: Old as never })`,
    })
    symlinkSync(join(PACKAGE_FOLDER, 'node_modules/@sinclair'), join(folder, 'node_modules/@sinclair'))
    const [old] = expectLoaded(await loadSchema(join(folder, 'schema.ts'))).exports
    expect(JSON.parse(JSON.stringify(old?.value, replaceMap))).toMatchObject({
      kind: 'Object',
      keywords: { properties: { entries: { a: { kind: 'String', optional: true, readonly: true, marks: [] } } } },
    })
  })
})
