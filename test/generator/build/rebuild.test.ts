import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { BuildOptions, BuildResult } from '../../../generator/build-result.js'
import { type Builder, createBuilder } from '../../../generator/builder.js'
import { createProject, writeFile } from '../temporary-folder.js'

/** A schema of two files, as statements by name: each edit changes some of them. */
type Sources = { readonly [file in 'schema.ts' | 'shared.ts']: Map<string, string> }

/** Numbers that look random, and are the same in every run. */
function createNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

const SHARED = `Type.Object({ /** In cents. */ amount: Type.Integer(), currency: Code })`

function start(): Sources {
  return {
    'shared.ts': new Map([
      ['import', `import { Type } from 'netgen/schema'`],
      ['Code', `export const Code = Type.String({ maxLength: 3 })`],
      ['Money', `/** An amount. */\nexport const Money = ${SHARED}`],
      ['Color', `export enum Color { Red = 'r', Blue = 'b' }`],
    ]),
    'schema.ts': new Map([
      ['import', `import { bigint, connection, date, event, flag, map, stream, Type } from 'netgen/schema'`],
      ['import shared', `import * as shared from './shared'\nimport { Code, Money } from './shared'`],
      ['Page', `const Page = Type.Object({ /** Where it begins. */ cursor: Type.String(), size: Type.Integer() })`],
      ['Note', `/** A note. */\nexport const Note = Type.Object({ id: Type.String(), price: Money, at: date() })`],
      [
        'Tree',
        `export const Tree = Type.Cyclic({ Tree: Type.Object({ inner: Type.Array(Type.Ref('Tree')) }) }, 'Tree')`,
      ],
      ['shares', `const shares = { page: Page, ...{ /** Again. */ code: Code } }`],
      [
        'save',
        `/** Saves. */\nexport const save = connection({ input: Note, errors: { Full: Type.Object({ left: Page }) } })`,
      ],
      ['list', `export const list = connection({ input: Page, output: stream(Note) })`],
      [
        'find',
        `export const find = connection({ input: Type.Object(shares), output: Type.Object({ note: Type.Optional(Note) }) })`,
      ],
      ['paint', `export const paint = connection({ input: Type.Enum(shared.Color), output: map(Code, bigint()) })`],
      ['grow', `export const grow = connection({ input: Type.Object({ tree: Tree, money: shared.Money }) })`],
      ['saved', `/** Saved. */\nexport const saved = event({ payload: Note })`],
      ['quota', `/** Full. */\nexport const quota = flag({ data: Type.Object({ page: Page }) })`],
      ['alike', `export const alike = connection({ input: Page, errors: { Full: Type.Object({ left: Page }) } })`],
    ]),
  }
}

const KEPT = /^import/

/** Edits by what a person does; each answers what it did. */
const EDITS: readonly ((sources: Sources, pick: (below: number) => number) => string)[] = [
  (sources, pick) =>
    rewrite(sources, pick, 'a limit', (text) =>
      text.replace(/Type\.Integer\(.*?\)/, `Type.Integer({ minimum: ${pick(9)} })`),
    ),
  (sources, pick) =>
    rewrite(sources, pick, 'a comment', (text) => text.replace(/\/\*\* .*? \*\//, `/** Comment ${pick(99)}. */`)),
  (sources, pick) =>
    rewrite(sources, pick, 'a type', (text) => text.replace('Type.String()', `Type.Literal('l${pick(9)}')`)),
  (sources, pick) =>
    rewrite(sources, pick, 'a property', (text) => text.replace('Type.Object({', `Type.Object({ p${pick(9)}: Code,`)),
  (sources, pick) => rewrite(sources, pick, 'a line', (text) => `\n// Moved by ${pick(99)}\n${text}`),
  (sources) =>
    rewrite(
      sources,
      () => 0,
      'an enum',
      (text) => text.replace('enum Color {', 'const Color = {').replaceAll(" = '", ": '"),
    ),
  (sources, pick) => {
    const schema = sources['schema.ts']
    const name = `made${pick(1000)}`
    schema.set(
      name,
      `export const ${name} = connection({ input: Type.Object({ page: Page, note: Note }), output: Code })`,
    )
    return `added ${name}`
  },
  (sources, pick) => {
    const schema = sources['schema.ts']
    const names = [...schema.keys()].filter((name) => /^made|find|paint|grow|alike|saved|quota/.test(name))
    const name = names[pick(names.length)] ?? ''
    schema.delete(name)
    return `removed ${name}`
  },
  (sources, pick) => {
    const schema = sources['schema.ts']
    const names = ['save', 'list', 'find', 'alike', 'saved', 'quota'].filter((name) => schema.has(name))
    const name = names[pick(names.length)] ?? ''
    schema.set(name, (schema.get(name) ?? '').replace(/export const \w+/, `export const ${name}${pick(1000)}`))
    return `renamed ${name}`
  },
  (sources) => {
    const schema = sources['schema.ts']
    const all = [...schema].filter(([name]) => /^[a-z]/.test(name) && !KEPT.test(name) && name !== 'shares')
    for (const [name] of all) schema.delete(name)
    for (const [name, text] of all.reverse()) schema.set(name, text)
    return 'reversed the connections'
  },
]

function rewrite(
  sources: Sources,
  pick: (below: number) => number,
  what: string,
  change: (text: string) => string,
): string {
  const places = Object.values(sources).flatMap((statements) =>
    [...statements]
      .filter(([name, text]) => !KEPT.test(name) && change(text) !== text)
      .map(([name]) => ({ statements, name })),
  )
  const place = places[pick(places.length)]
  place?.statements.set(place.name, change(place.statements.get(place.name) ?? ''))
  return `changed ${what} of ${place?.name}`
}

function startBuilder(): Builder {
  const builder = createBuilder({ staysReady: true })
  onTestFinished(() => builder.close())
  return builder
}

/** What the build said, and every file that it wrote. */
async function build(builder: Builder, folder: string, options: Partial<BuildOptions>): Promise<object> {
  const { ok, diagnostics }: BuildResult = await builder.build({
    schemas: ['schema.ts'],
    cwd: folder,
    cache: false,
    ...options,
  })
  if (!ok) return { ok, diagnostics }
  const output = join(folder, options.out ?? 'generated')
  const files = readdirSync(output, { recursive: true, encoding: 'utf8', withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const texts = files.map(({ parentPath, name }) => [
    join(parentPath, name).slice(output.length),
    readFileSync(join(parentPath, name), 'utf8'),
  ])
  return { ok, diagnostics, texts: texts.sort() }
}

describe('building again after an edit', () => {
  test.each([1, 2, 3])(
    'gives what a first build gives, from the beginning %i',
    async (seed) => {
      const folder = createProject()
      const warm = startBuilder()
      const pick = createNumbers(seed)
      const sources = start()
      let built = 0
      for (let step = 0; step < 10; step++) {
        const edit = step === 0 ? 'nothing yet' : (EDITS[pick(EDITS.length)] as (typeof EDITS)[number])(sources, pick)
        for (const [file, statements] of Object.entries(sources))
          writeFile(folder, file, `${[...statements.values()].join('\n')}\n`)
        const language = 'js'
        const again = await build(warm, folder, { language })
        const cold = startBuilder()
        const first = await build(cold, folder, { language, out: `cold-${step}` })
        built += 'texts' in first ? 1 : 0
        expect({ edit, ...again }).toEqual({ edit, ...first })
      }
      expect(built).toBeGreaterThan(0)
    },
    120_000,
  )
})
