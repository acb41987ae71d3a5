import { join } from 'node:path'
import { expect, test } from 'vitest'
import { build } from '../../../generator/generator.js'
import type { Descriptor } from '../../../runtime/api/descriptor.js'
import { compileTypes } from '../compile-types.js'
import { createProject, writeFile } from '../temporary-folder.js'
import { listHostileTexts } from './hostile-strings.js'

const WORDS =
  `abstract any as asserts assert async await bigint boolean break case catch class const constructor continue debugger
declare default delete do else enum eval export extends false finally for from function get global globalThis if implements import
in infer instanceof interface is keyof let module namespace never new null number object of out override package private protected
public readonly require return satisfies set static string super switch symbol this throw true try type typeof undefined unique
unknown using var void while with yield arguments exports Infinity NaN Array Date Error Exclude Function Map Number Object Partial
Promise Readonly Record Set String Symbol URL Uint8Array AsyncIterable globalThis Call CallWithoutInput StreamCall Context DeclaredError Descriptor
Decoded EventStub FlagDescriptor Validate Save save SAVE Ｓave sAVE größe GRÖSSE größe İ ı con aux nul LPT1 $ _ $1 __filename a${'\u200d'} ${'\ud835\udcd0'}bc ${'x'.repeat(300)}`.split(
    /\s+/,
  )

// An export's name has to be well-formed: half a character is a syntax error.
const NAMES = [...new Set([...WORDS, ...listHostileTexts(60)])].filter((name) => !/\p{Surrogate}/u.test(name))

const quote = (name: string): string =>
  JSON.stringify(name).replace(/[\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16)}`)

/** A schema file for each position of a name, which holds all of the names. */
const POSITIONS: Readonly<Record<string, (names: readonly string[]) => string>> = {
  connection: (names) => exportAll(names, 'connection({ input: Type.Null() })'),
  event: (names) => exportAll(names, 'event({ payload: Type.Null() })'),
  flag: (names) => exportAll(names, "flag({ data: Type.Literal('x') })"),
  type: (names) => `${exportAll(names, "Type.Object({ a: Type.Literal('x') })")}
export const all = connection({ input: Type.Union([Type.Null(), ${names.map((_, index) => `value${index}`).join(', ')}]), output: stream(Type.Null()) })`,
  error: (names) => `export const all = connection({ errors: {
${names.map((name) => `  [${quote(name)}]: Type.Object({ a: Type.Literal('x') }),`).join('\n')}
} })`,
  member: (names) => `export const all = connection({ input: Type.Tuple([
${names.map((name) => `  Type.Cyclic({ [${quote(name)}]: Type.Array(Type.Ref(${quote(name)})) }, ${quote(name)}),`).join('\n')}
]) })`,
  property: (names) => `export const all = connection({ input: Type.Object({
${names.map((name) => `  [${quote(name)}]: Type.Null(),`).join('\n')}
}) })`,
}

function exportAll(names: readonly string[], value: string): string {
  return names
    .map((name, index) => `const value${index} = ${value}\nexport { value${index} as ${quote(name)} }`)
    .join('\n')
}

test('every name compiles and is found again, or is refused with its place', async () => {
  const folder = createProject()
  const write = (position: string, names: readonly string[]): void => {
    const text = POSITIONS[position]?.(names) ?? ''
    writeFile(
      folder,
      `${position}.ts`,
      `import { connection, event, flag, stream, Type } from 'netgen/schema'\n${text}\n`,
    )
  }
  const schemas = Object.keys(POSITIONS).map((position) => `${position}.ts`)
  for (const position of Object.keys(POSITIONS)) write(position, NAMES)
  const refused = await build({ schemas, cwd: folder })
  expect(refused.files).toEqual([])

  const kept = new Map<string, readonly string[]>()
  for (const position of Object.keys(POSITIONS)) {
    const places = refused.diagnostics.filter(({ place }) => place?.file === join(folder, `${position}.ts`))
    expect(places.every(({ place }) => place?.line !== undefined)).toBe(true)
    const names = NAMES.filter((name) => !places.some(({ message }) => isNamedBy(message, position, name)))
    kept.set(position, names)
    write(position, names)
  }
  const { diagnostics } = await build({ schemas, cwd: folder })
  expect(diagnostics).toEqual([])
  expect(compileTypes(folder, ['generated/**/*.ts'], 'generated')).toBe('')

  const found = await Promise.all(schemas.map((file) => importDescriptor(join(folder, 'generated', file))))
  const [connections, events, flags, types, errors] = found
  expect(connections?.connections.map(({ name }) => name)).toEqual(kept.get('connection'))
  expect(events?.events.map(({ name }) => name)).toEqual(kept.get('event'))
  expect(flags?.flags.map(({ name }) => name)).toEqual(kept.get('flag'))
  expect(errors?.connections[0]?.errors.map(({ errorName }) => errorName)).toEqual(kept.get('error'))
  expect(types?.connections.map(({ name }) => name)).toEqual(['all'])
  for (const { connections, events, flags } of found) {
    for (const declaration of [...connections, ...events, ...flags]) await declaration.load()
  }
  expect(globalThis).not.toHaveProperty('canary')

  // What is kept is more than what is easy to keep.
  const words = [
    'save',
    'Save',
    'SAVE',
    'Ｓave',
    'größe',
    'con',
    'LPT1',
    'delete',
    'class',
    'await',
    'new',
    '$',
    'a\u200d',
    '𝓐bc',
  ]
  expect(kept.get('connection')).toEqual(expect.arrayContaining(words))
  expect(kept.get('event')).toEqual(kept.get('connection'))
  expect(kept.get('flag')).toEqual(
    expect.arrayContaining(['save', 'Promise', 'FlagDescriptor', 'get', 'type', 'Error', '𝓐bc']),
  )
  expect(kept.get('type')).toEqual(expect.arrayContaining(['Array', 'Promise', 'Call', 'Decoded', 'type', 'get', 'İ']))
  expect(kept.get('property')).toEqual(NAMES.filter((name) => name !== '__proto__'))
})

async function importDescriptor(file: string): Promise<Descriptor<unknown, unknown>> {
  const module = (await import(/* @vite-ignore */ file)) as Record<string, unknown>
  const isDescriptor = (value: unknown): boolean => typeof value === 'object' && value !== null && 'format' in value
  return Object.values(module).find(isDescriptor) as Descriptor<unknown, unknown>
}

/** Whether a message names a place by a name: as an export, or as a part of one. */
function isNamedBy(message: string, position: string, name: string): boolean {
  if (['connection', 'event', 'flag', 'type'].includes(position)) return message.startsWith(`${name} `)
  const part = JSON.stringify(name)
  const paths = [
    `.errors[${part}]`,
    `.errors.${name} `,
    `.$defs[${part}]`,
    `.$defs.${name} `,
    `.properties[${part}]`,
    `.properties.${name} `,
  ]
  return paths.some((path) => message.includes(path))
}
