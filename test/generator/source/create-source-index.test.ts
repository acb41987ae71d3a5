import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ModuleLink } from '../../../generator/source/module-graph.js'
import type { SourceFinding, SourceIndex } from '../../../generator/source/source-index.js'
import { measureSlowness } from '../../measure-slowness.js'
import { createFolder } from '../temporary-folder.js'
import { indexSource } from './index-source.js'

/** Indexes `schema.ts` of these files, whose imports are written as `./name`. */
function indexFiles(files: Readonly<Record<string, string>>): SourceIndex {
  const folder = createFolder(files)
  const links = Object.keys(files).flatMap((importer) =>
    Object.keys(files).map(
      (file): ModuleLink => ({
        importer: join(folder, importer),
        specifier: `./${file.replace('.ts', '')}`,
        file: join(folder, file),
      }),
    ),
  )
  return indexSource(join(folder, 'schema.ts'), links)
}

/** The source from a found place to the end of its line. */
function readFrom({ place }: SourceFinding): string | undefined {
  const lines = readFileSync(place.file, 'utf8').split('\n')
  return lines[place.line - 1]?.slice(place.column - 1)
}

const SCHEMA = `
import { connection, Type as T } from 'netgen/schema'
import { Base, Money as Price } from './shared'
import * as shared from './shared'

enum Color {
  Red = 'r',
  /** Like the sky. */
  Blue = 'b',
}

/** A note. */
export const Note = T.Object({
  id: T.String(),
  /** What it says. */
  body: T.String({ maxLength: 500 }),
  'odd name': (T.Number() as never),
  tags: T.Optional(T.Array(T.Union([T.Literal('a'), T.Literal('b')]))),
  price: Price,
  inner: T.Object({
    /** Deep down. */ depth: T.Integer(),
  }),
}, { description: 'note' })

export const both = T.Intersect([Note, T.Object({ /** Only here. */ extra: T.Null() })])
export const pair = T.Tuple([T.String(), /** The second. */ T.Number()])
export const byName = T.Record(T.String(), T.Object({
  /** Held. */
  held: T.Boolean(),
}))
export const color = T.Enum(Color)
export const spread = T.Object({
  ...Base.properties,
  own: T.String(),
})
export const part = T.Partial(Note)
export const { Tree, Leaf: Blade } = T.Module({
  /** Grows. */
  Tree: T.Object({ left: T.Ref('Leaf') }),
  Leaf: T.Null(),
})
export const loop = T.Cyclic({
  Node: T.Object({
    /** The next one. */
    next: T.Ref('Node'),
  }),
}, 'Node')
const parts = { input: Note, /** A list. */ output: T.Array(shared.Money) }
export const save = connection({
  ...parts,
  errors: {
    /** No room left. */
    DiskFull: T.Object({ freeBytes: T.Integer() }),
  },
  tag: 'notes.save',
  aliases: ['one', 'two'],
})
export const made = make(Note)
export const rates = map(T.String(), T.Object({ /** Per cent. */ rate: T.Number() }))
export const seen = set(T.Object({ /** When. */ at: T.Number() }))
export const listed = connection({ output: stream(T.Object({ /** Named. */ name: T.String() })) })
export const coded = T.Codec(T.Object({ /** East. */ x: T.Number() })).Decode((point) => point.x).Encode((x) => ({ x }))
`
const SHARED = `
export const Base = Type.Object({
  /** From the base. */
  from: Type.String(),
})
export const Money = Type.Object({
  /** In cents. */
  amount: Type.Integer(),
})
`

describe('the index of a schema', () => {
  it.each<[name: string, path: (string | number)[], from: string, documentation?: string]>([
    ['Note', [], 'Note = T.Object({', 'A note.'],
    ['Note', ['properties', 'id'], 'id: T.String(),'],
    ['Note', ['properties', 'body'], 'body: T.String({ maxLength: 500 }),', 'What it says.'],
    ['Note', ['properties', 'body', 'maxLength'], 'maxLength: 500 }),'],
    ['Note', ['properties', 'odd name'], "'odd name': (T.Number() as never),"],
    ['Note', ['properties', 'tags', 'items', 'anyOf', 1], "T.Literal('b')]))),"],
    ['Note', ['properties', 'tags', 'items', 'anyOf', 1, 'const'], "'b')]))),"],
    ['Note', ['properties', 'price', 'properties', 'amount'], 'amount: Type.Integer(),', 'In cents.'],
    ['Note', ['properties', 'inner', 'properties', 'depth'], 'depth: T.Integer(),', 'Deep down.'],
    ['Note', ['description'], "description: 'note' })"],
    ['Note', ['properties', 'id', 'pattern'], 'id: T.String(),'],
    ['both', ['allOf', 0, 'properties', 'body'], 'body: T.String({ maxLength: 500 }),', 'What it says.'],
    ['both', ['allOf', 1, 'properties', 'extra'], 'extra: T.Null() })])', 'Only here.'],
    ['pair', ['items', 1], 'T.Number()])', 'The second.'],
    ['byName', ['patternProperties', '^.*$', 'properties', 'held'], 'held: T.Boolean(),', 'Held.'],
    ['byName', ['additionalProperties', 'properties', 'held'], 'held: T.Boolean(),', 'Held.'],
    ['color', ['enum', 1], "Blue = 'b',", 'Like the sky.'],
    ['spread', ['properties', 'from'], 'from: Type.String(),', 'From the base.'],
    ['spread', ['properties', 'own'], 'own: T.String(),'],
    ['part', ['properties', 'body'], 'body: T.String({ maxLength: 500 }),', 'What it says.'],
    ['Tree', [], 'Tree, Leaf: Blade } = T.Module({', 'Grows.'],
    ['Tree', ['properties', 'left'], "left: T.Ref('Leaf') }),"],
    ['Blade', [], 'Blade } = T.Module({'],
    ['loop', ['$defs', 'Node', 'properties', 'next'], "next: T.Ref('Node'),", 'The next one.'],
    ['rates', ['x-netgen-codec', 'value', 'properties', 'rate'], 'rate: T.Number() }))', 'Per cent.'],
    ['listed', ['output', 'item', 'properties', 'name'], 'name: T.String() })) })', 'Named.'],
    ['rates', ['x-netgen-codec', 'key'], 'T.String(), T.Object({ /** Per cent. */ rate: T.Number() }))'],
    ['seen', ['x-netgen-codec', 'item', 'properties', 'at'], 'at: T.Number() }))', 'When.'],
    ['coded', ['properties', 'x'], 'x: T.Number() })).Decode((point) => point.x).Encode((x) => ({ x }))', 'East.'],
    ['save', ['input', 'properties', 'body'], 'body: T.String({ maxLength: 500 }),', 'What it says.'],
    ['save', ['output'], 'output: T.Array(shared.Money) }', 'A list.'],
    ['save', ['output', 'items', 'properties', 'amount'], 'amount: Type.Integer(),', 'In cents.'],
    ['save', ['errors', 'DiskFull'], 'DiskFull: T.Object({ freeBytes: T.Integer() }),', 'No room left.'],
    ['save', ['errors', 'DiskFull', 'properties', 'freeBytes'], 'freeBytes: T.Integer() }),'],
    ['save', ['tag'], "tag: 'notes.save',"],
    ['save', ['aliases', 1], "'two'],"],
    ['save', ['timeoutMs'], 'save = connection({'],
    ['made', ['properties', 'body'], 'made = make(Note)'],
  ])('finds %s %j', (name, path, from, documentation) => {
    const finding = indexFiles({ 'schema.ts': SCHEMA, 'shared.ts': SHARED }).find(name, path)
    expect(readFrom(finding)).toBe(from)
    expect(finding.documentation?.text).toBe(documentation)
  })

  it('names the exports in the order of the source, through every kind of statement', () => {
    const index = indexFiles({
      'schema.ts': `
        const b = 1
        export type { T } from './more'
        export { b as a, type U }
        export * from './more'
        export const { c, d: e } = x, f = 2
        export { deep as g } from './more'
        export * as h from './more'
        export default function () {}
        export enum i {}
        export interface J {}`,
      'more.ts': `export * from './schema'\nexport const z = 1\nexport const deep = 2\nexport default 3`,
    })
    expect(index.exportNames).toEqual(['a', 'z', 'deep', 'c', 'e', 'f', 'g', 'h', 'default', 'i'])
  })

  it.each([
    ['local', `/** Here. */\nconst a = 1\nexport { a as b }`, 'b'],
    ['re-exported', `export { a as b } from './more'`, 'b'],
    ['imported and exported', `import { a } from './more'\nexport { a }`, 'a'],
    ['through everything', `export * from './all'`, 'a'],
    ['default', `/** Here. */\nexport default connection({})`, 'default'],
  ])('reads the comment of an export that is %s', (_how, schema, name) => {
    const index = indexFiles({
      'schema.ts': schema,
      'all.ts': `export * from './more'`,
      'more.ts': `/** Here. */\nexport const a = 1`,
    })
    expect(index.find(name, []).documentation).toEqual({ text: 'Here.' })
  })

  it('points at the start of the schema file where an export comes from a package', () => {
    const index = indexFiles({ 'schema.ts': `\nexport * from 'package'` })
    expect(index.find('anything', ['input']).place).toMatchObject({ line: 1, column: 1 })
  })

  it('gets out of names that mean each other', () => {
    const index = indexFiles({ 'schema.ts': `export const a = b\nexport const b = a`, 'more.ts': '' })
    expect(readFrom(index.find('a', ['properties', 'x']))).toBe('a = b')
  })

  it('indexes 1,000 exports with ten properties each in well under half a second', () => {
    const property = (n: number): string => `  /** Property ${n}. */\n  p${n}: Type.String(),\n`
    const body = Array.from({ length: 10 }, (_, n) => property(n)).join('')
    const names = Array.from({ length: 1_000 }, (_, n) => `Export${n}`)
    const source = names.map((name) => `/** ${name}. */\nexport const ${name} = Type.Object({\n${body}})\n`).join('\n')
    const folder = createFolder({ 'schema.ts': source })
    // The time of this process alone: other tests run beside it.
    const before = process.cpuUsage()
    const index = indexSource(join(folder, 'schema.ts'))
    for (const name of index.exportNames) {
      for (let n = 0; n < 10; n++) index.find(name, ['properties', `p${n}`])
    }
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1_000 / measureSlowness()).toBeLessThan(500)
  })
})
