import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build as transpile } from 'esbuild'
import { expect, test } from 'vitest'
import { build } from '../../../generator/generator.js'
import type { Descriptor } from '../../../runtime/api/descriptor.js'
import type { ConnectionChecks, EventChecks, FlagChecks } from '../../../runtime/validation/validate.js'
import { compileTypes } from '../compile-types.js'
import { createProject, writeFile } from '../temporary-folder.js'
import { listHostileTexts } from './hostile-strings.js'

// All in one schema, with one connection for each text: a build and a compilation of their own would take minutes.
// Half characters have tests of their own: no name and no pattern may hold one.
const TEXTS = listHostileTexts(60).filter((text) => text !== '__proto__' && !/\p{Surrogate}/u.test(text))

const isTag = (text: string): boolean => Buffer.byteLength(text) <= 500

const SCHEMA = `import { connection, event, flag, Type } from 'netgen/schema'

const texts: string[] = ${JSON.stringify(TEXTS)}

function makeData(index: number) {
  const text = texts[index] ?? ''
  const annotations = { title: text, description: text, $comment: text, $id: text, default: text, examples: [text, { [text]: text }] }
  const pattern = text.replace(/[\\\\^$.*+?()[\\]{}|/]/g, '\\\\$&')
  return Type.Object(
    {
      ['p' + text]: Type.Literal(text, annotations),
      [text]: Type.Optional(Type.Enum([text, 'other ' + text], annotations)),
      pattern: Type.Optional(Type.String({ pattern: '^' + pattern + '$' })),
      record: Type.Optional(Type.Record(Type.Union([Type.Literal(text), Type.Literal('b')]), Type.Null())),
      either: Type.Optional(Type.Union([
        Type.Object({ ['k' + text]: Type.Literal(text), a: Type.Null() }),
        Type.Object({ ['k' + text]: Type.Literal('b' + text) }),
      ])),
    },
    annotations,
  )
}

function make(index: number, tag: string | undefined) {
  const Data = makeData(index)
  const options = tag === undefined ? {} : { tag, aliases: ['alias ' + tag] }
  return connection({ input: Data, output: Type.Record(Type.String(), Data), errors: { ['E' + index]: Data }, ...options })
}

${TEXTS.map(
  (text, index) => `/** ${text.replaceAll('*/', '*\\/')} */
export const c${index} = make(${index}, ${isTag(text) ? `'t' + texts[${index}]` : 'undefined'})
/** ${text.replaceAll('*/', '*\\/')} */
export const e${index} = event({ payload: makeData(${index})${isTag(text) ? `, tag: 'e' + texts[${index}], aliases: ['older e' + texts[${index}]]` : ''} })
/** ${text.replaceAll('*/', '*\\/')} */
export const f${index} = flag({ data: makeData(${index})${isTag(text) ? `, tag: 'f' + texts[${index}]` : ''} })`,
).join('\n')}
`

/** What the checks of one connection say to values that fit, and to values that do not, as they should: true first. */
async function askChecks(
  text: string,
  index: number,
  { connections, events, flags }: Descriptor<unknown, unknown>,
): Promise<boolean[]> {
  const { input, output, errors } = (await connections[index]?.load()) ?? NO_CHECKS
  const { payload } = (await events[index]?.load()) ?? NO_PAYLOAD
  const { data } = (await flags[index]?.load()) ?? NO_DATA
  const fits = {
    [text]: text,
    [`p${text}`]: text,
    pattern: text,
    record: { [text]: null, b: null },
    either: { [`k${text}`]: `b${text}` },
  }
  const answers = [
    input?.(fits),
    output?.({ [text]: fits, constructor: fits }),
    errors[`E${index}`]?.(fits),
    payload?.(fits),
    data?.(fits),
    !payload?.({ ...fits, pattern: `${text} ` }),
    !data?.({ ...fits, pattern: `${text} ` }),
    !input?.({ ...fits, [`p${text}`]: `${text} ` }),
    !input?.({ ...fits, pattern: `${text} ` }),
    !input?.({ ...fits, record: {} }),
    !input?.({ ...fits, either: { [`k${text}`]: text } }),
  ]
  return answers.map((answer) => answer === true)
}

/** Loads the generated code as Node does: what the tests' own loader does to each of 600 files takes longer than all else. */
async function load(folder: string, paths: readonly string[]): Promise<Descriptor<unknown, unknown>> {
  // Only what is among packages is left to Node.
  const outdir = join(folder, 'node_modules/compiled')
  await transpile({
    entryPoints: [...paths],
    outbase: join(folder, 'generated'),
    outdir,
    format: 'esm',
    target: 'node20',
  })
  writeFile(outdir, 'package.json', '{ "type": "module" }')
  const module = (await import(/* @vite-ignore */ join(outdir, 'schema.js'))) as Record<string, unknown>
  return module['schema'] as Descriptor<unknown, unknown>
}

const NO_CHECKS: ConnectionChecks = { input: null, output: null, errors: {}, jsonSchemas: '' }
const NO_PAYLOAD: EventChecks = { payload: null, jsonSchemas: '' }
const NO_DATA: FlagChecks = { data: null, jsonSchemas: '' }

/** In milliseconds: a build and a compilation of 400 files, where five other tests want the same two cores. */
const LIMIT_MS = 120_000

test('texts that try to break out of what they are written into compile, run nothing, and are checked as meant', {
  timeout: LIMIT_MS,
}, async () => {
  const folder = createProject({ 'schema.ts': SCHEMA })
  const { diagnostics, files } = await build({ schemas: ['schema.ts'], cwd: folder })
  expect(diagnostics).toEqual([])
  expect(compileTypes(folder, ['generated/**/*.ts'], 'generated')).toBe('')

  const generated = files.map(({ path }) => path)
  const descriptor = await load(folder, generated)
  const { connections, events, flags } = descriptor
  const asked = TEXTS.map(async (text, index) => ({ text, answers: await askChecks(text, index, descriptor) }))
  expect((await Promise.all(asked)).filter(({ answers }) => answers.includes(false))).toEqual([])
  expect(connections.map(({ tag }) => tag)).toEqual(
    TEXTS.map((text, index) => (isTag(text) ? `t${text}` : `schema.c${index}`)),
  )
  expect(events.map(({ tag }) => tag)).toEqual(
    TEXTS.map((text, index) => (isTag(text) ? `e${text}` : `schema.e${index}`)),
  )
  expect(flags.map(({ tag }) => tag)).toEqual(
    TEXTS.map((text, index) => (isTag(text) ? `f${text}` : `schema.f${index}`)),
  )
  expect(globalThis).not.toHaveProperty('canary')

  // Nothing ends a script element, names a source map, or hides what stands beside it.
  const UNSAFE = /<\/script|\/\/[#@] ?source|[\u2028\u2029\u202e\u2066\ufeff\r\0]/
  expect(generated.filter((path) => UNSAFE.test(readFileSync(path, 'utf8')))).toEqual([])
})
