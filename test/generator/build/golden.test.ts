import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { build } from '../../../generator/build.js'
import type { Descriptor } from '../../../runtime/api/descriptor.js'
import type { Validate } from '../../../runtime/validation/validate.js'
import { compileTypes } from '../compile-types.js'
import { createFolder, createProject, PACKAGE_FOLDER } from '../temporary-folder.js'

const FIXTURES = join(PACKAGE_FOLDER, 'fixtures/schemas')

const BASICS = { name: 'basics', file: 'schema.ts' }
const ALL_TYPES = { name: 'all-types', file: 'schema.ts' }
const RECURSION = { name: 'recursion', file: 'schema.ts' }
const NASTY_NAMES = { name: 'nasty-names', file: 'my-schema.v2.ts' }
const CODECS = { name: 'codecs', file: 'schema.ts' }
const EVENTS = { name: 'events', file: 'schema.ts' }
const STREAMS = { name: 'streams', file: 'schema.ts' }
const CASES = [BASICS, ALL_TYPES, RECURSION, NASTY_NAMES, CODECS, STREAMS, EVENTS]

/** The same schemas' files in JavaScript: one of every kind of file, and hostile text in it. */
const SCRIPTS = [BASICS, NASTY_NAMES, CODECS, STREAMS, EVENTS]

/** Their output imports the schema file. */
const IMPORTING: readonly (typeof BASICS)[] = [CODECS, STREAMS]

function readTree(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(join(folder, path), 'utf8')]))
}

async function importDescriptor(name: string, file: string): Promise<Descriptor<unknown, unknown>> {
  const module = (await import(/* @vite-ignore */ join(FIXTURES, name, file))) as Record<string, unknown>
  return Object.values(module).find(isDescriptor) as Descriptor<unknown, unknown>
}

function isDescriptor(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'format' in value
}

async function loadChecks(name: string, file: string, declared: string): Promise<CheckedParts> {
  const { connections, events, flags } = await importDescriptor(name, `expected/${file}`)
  const found = [...connections, ...events, ...flags].find((declaration) => declaration.name === declared)
  if (found === undefined) throw new Error(`nothing is called ${declared}`)
  return found.load()
}

type CheckedParts = { readonly [part in 'input' | 'output' | 'payload' | 'data']?: Validate | null }

describe.each(CASES)('the schema $name', ({ name, file }) => {
  test('gives the expected files, byte for byte, in another folder too', async () => {
    const folder = createProject()
    cpSync(join(FIXTURES, name, file), join(folder, file))
    const { diagnostics } = await build({ schemas: [file], out: 'expected', cwd: folder })
    expect(diagnostics).toEqual([])
    expect(readTree(join(folder, 'expected'))).toEqual(readTree(join(FIXTURES, name, 'expected')))
  })

  test('gives modules that load, and run nothing of what the schema says', async () => {
    const { connections, events, flags, digest } = await importDescriptor(name, `expected/${file}`)
    expect(digest).toMatch(/^[\w-]{22}$/)
    for (const connection of connections) {
      const checks = await connection.load()
      expect([checks.input !== null, checks.output !== null]).toEqual([
        connection.input !== 'none',
        connection.output !== 'none',
      ])
      expect(Object.keys(checks.errors)).toEqual(connection.errors.map(({ errorName }) => errorName))
      expect(JSON.parse(checks.jsonSchemas)).toHaveProperty('errors')
    }
    for (const event of events) {
      const { payload, jsonSchemas } = await event.load()
      expect(payload !== null).toBe(event.payload === 'value')
      expect(Object.keys(JSON.parse(jsonSchemas) as object)).toEqual(payload === null ? [] : ['payload'])
    }
    for (const flag of flags) {
      const { data, jsonSchemas } = await flag.load()
      expect(data !== null).toBe(flag.data === 'value')
      expect(Object.keys(JSON.parse(jsonSchemas) as object)).toEqual(data === null ? [] : ['data'])
    }
    expect(globalThis).not.toHaveProperty('canary')
  })
})

describe.each(SCRIPTS)('the schema $name in JavaScript', ({ name, file }) => {
  test('gives the expected files, byte for byte, in another folder too', async () => {
    const folder = createProject()
    cpSync(join(FIXTURES, name, file), join(folder, file))
    const { diagnostics } = await build({ schemas: [file], out: 'expected-js', language: 'js', cwd: folder })
    expect(diagnostics).toEqual([])
    expect(readTree(join(folder, 'expected-js'))).toEqual(readTree(join(FIXTURES, name, 'expected-js')))
  })

  test('gives the same descriptor and checks as in TypeScript', async () => {
    const script = file.replace(/\.ts$/, '.js')
    const printed = await importDescriptor(name, `expected-js/${script}`)
    const typed = await importDescriptor(name, `expected/${file}`)
    expect(withoutFunctions(printed)).toEqual(withoutFunctions(typed))
    for (const [index, connection] of printed.connections.entries()) {
      const { jsonSchemas } = await connection.load()
      expect(jsonSchemas).toBe((await typed.connections[index]?.load())?.jsonSchemas)
      expect(connection.errors.map(({ errorName }) => errorName)).toEqual(
        typed.connections[index]?.errors.map(({ errorName }) => errorName),
      )
    }
    expect(globalThis).not.toHaveProperty('canary')
  })
})

function withoutFunctions(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

test('the expected files compile under the strictest flags', () => {
  const listFiles = (cases: readonly (typeof BASICS)[]): string[] =>
    cases.flatMap((found) => {
      const files = SCRIPTS.includes(found) ? ['expected/**/*.ts', 'expected-js/*.d.ts'] : ['expected/**/*.ts']
      return files.map((pattern) => join(FIXTURES, found.name, pattern))
    })
  const alone = CASES.filter((found) => !IMPORTING.includes(found))
  expect(compileTypes(createFolder(), listFiles(alone), 'generated')).toBe('')
  // No flag for declarations lets the schema file's types stand without annotations.
  expect(compileTypes(createFolder(), listFiles(IMPORTING), 'any')).toBe('')
})

const EVIL = 'globalThis.canary = 1'
const HOSTILE = `*/ ${EVIL} /* \u2028' " \` \${${EVIL}} \\ </script> \u202e //# sourceMappingURL=x`

const scalars = {
  any: 1,
  unknown: [],
  nothing: null,
  boolean: true,
  number: 1.5,
  integer: 2,
  int32: -1,
  string: 'a',
  pattern: 'A',
  literal: 'a',
  enum: 1,
}
const formats = {
  when: '2024-02-29T23:59:60Z',
  where: 'http://[::1]:80/?a#b',
  who: '0'.repeat(8) + '-0000'.repeat(4) + '0'.repeat(8),
  secret: '',
}
const containers = {
  array: [null],
  immutable: [],
  tuple: ['a', 1, true],
  object: {},
  record: { 'a\n': 1 },
  byNumber: { '-1': '' },
}
const templates = {
  version: 'v1.2',
  choice: 'left-true',
  either: 'none',
  labels: { 'x-\n': '' },
  others: { id: null, x: 1, y: '' },
}
const VERSION = '^v-?(?:0|[1-9][0-9]*)\\.-?(?:0|[1-9][0-9]*)$'
const deepFolder = { name: 'a', folders: [{ name: 'b', folders: [] }] }
const sum = { kind: 'sum', left: { kind: 'value', value: 1 }, right: { kind: 'value', value: 2 } }

const event = { id: 'a', body: 'b', writtenAt: '2024-02-29T23:59:59Z' }

/** Schema, declaration, part, value, and where what is wrong with it; nothing where nothing is. */
const CALLS: [typeof BASICS, string, keyof CheckedParts, unknown, string?][] = [
  [BASICS, 'greet', 'input', { name: 'Ann', email: 'ann@example.com', more: 1 }],
  [BASICS, 'greet', 'input', { name: '' }, '/name minLength {"limit":1}'],
  [BASICS, 'greet', 'input', {}, ' required {"missingProperty":"name"}'],
  [BASICS, 'greet', 'input', { name: 'Ann', email: 'ann' }, '/email format {"format":"email"}'],
  [BASICS, 'greet', 'output', 1, ' type {"type":"string"}'],
  [ALL_TYPES, 'scalars', 'input', scalars],
  [ALL_TYPES, 'scalars', 'input', { ...scalars, never: 1 }, '/never not {}'],
  [ALL_TYPES, 'scalars', 'input', { ...scalars, number: Number.NaN }, '/number type {"type":"number"}'],
  [
    ALL_TYPES,
    'scalars',
    'input',
    { ...scalars, integer: 2 ** 53 },
    '/integer maximum {"comparison":"<=","limit":9007199254740991}',
  ],
  [
    ALL_TYPES,
    'scalars',
    'input',
    { ...scalars, int32: 2 ** 31 },
    '/int32 maximum {"comparison":"<=","limit":2147483647}',
  ],
  [ALL_TYPES, 'scalars', 'input', { ...scalars, string: '😀😀😀😀😀' }],
  [ALL_TYPES, 'scalars', 'input', { ...scalars, string: '😀😀😀😀😀😀' }, '/string maxLength {"limit":5}'],
  [ALL_TYPES, 'scalars', 'input', { ...scalars, pattern: 'a' }, '/pattern pattern {"pattern":"^\\\\p{Lu}"}'],
  [ALL_TYPES, 'scalars', 'input', { ...scalars, enum: 2 }, '/enum enum {"allowedValues":["a",1]}'],
  [ALL_TYPES, 'formats', 'input', formats],
  [ALL_TYPES, 'formats', 'input', { ...formats, when: '2023-02-29T00:00:00Z' }, '/when format {"format":"date-time"}'],
  [ALL_TYPES, 'formats', 'input', { ...formats, where: '//host' }, '/where format {"format":"uri"}'],
  [ALL_TYPES, 'containers', 'input', containers],
  [ALL_TYPES, 'containers', 'input', { ...containers, array: ['a', 'a'] }, '/array uniqueItems {"i":1,"j":0}'],
  [ALL_TYPES, 'containers', 'input', { ...containers, tuple: ['a', 1, 2] }, '/tuple/2 type {"type":"boolean"}'],
  [ALL_TYPES, 'containers', 'input', { ...containers, record: { 'a\n': '1' } }, '/record/a\n type {"type":"number"}'],
  [
    ALL_TYPES,
    'containers',
    'input',
    { ...containers, byNumber: { a: '' } },
    '/byNumber additionalProperties {"additionalProperty":"a"}',
  ],
  [ALL_TYPES, 'containers', 'output', [1], ' maxItems {"limit":0}'],
  [ALL_TYPES, 'combinations', 'input', { shape: 'square', side: 1 }],
  [ALL_TYPES, 'combinations', 'input', { shape: 'square' }, ' required {"missingProperty":"side"}'],
  [
    ALL_TYPES,
    'combinations',
    'input',
    { shape: 'oval' },
    ' discriminator {"error":"mapping","tag":"shape","tagValue":"oval"}',
  ],
  [ALL_TYPES, 'combinations', 'output', { id: 'a', of: { shape: 'circle', radius: 1 } }],
  [ALL_TYPES, 'combinations', 'output', { id: 'a', on: 1 }, ' unevaluatedProperties {"unevaluatedProperty":"on"}'],
  [ALL_TYPES, 'templates', 'input', templates],
  [
    ALL_TYPES,
    'templates',
    'input',
    { ...templates, version: 'v1x2' },
    `/version pattern ${JSON.stringify({ pattern: VERSION })}`,
  ],
  [ALL_TYPES, 'templates', 'input', { ...templates, either: 'some' }, '/either type {"type":"number"}'],
  [
    ALL_TYPES,
    'templates',
    'input',
    { ...templates, labels: { y: '' } },
    '/labels additionalProperties {"additionalProperty":"y"}',
  ],
  [ALL_TYPES, 'templates', 'input', { ...templates, others: { id: null, x: '' } }, '/others/x type {"type":"number"}'],
  [RECURSION, 'measureDepth', 'input', deepFolder],
  [
    RECURSION,
    'measureDepth',
    'input',
    { name: 'a', folders: [{ name: 'b' }] },
    '/folders/0 required {"missingProperty":"folders"}',
  ],
  [RECURSION, 'evaluate', 'input', { kind: 'sum', left: sum, right: sum }],
  [
    RECURSION,
    'evaluate',
    'input',
    { ...sum, right: { ...sum, left: { kind: 'value' } } },
    '/right/left required {"missingProperty":"value"}',
  ],
  [
    RECURSION,
    'readComments',
    'output',
    [{ text: 'a', answers: [{ text: 1, answers: [] }] }],
    '/0/answers/0/text type {"type":"string"}',
  ],
  [NASTY_NAMES, 'hostile', 'input', { [HOSTILE]: HOSTILE, pattern: '*/\u2028</script>' }],
  [
    NASTY_NAMES,
    'hostile',
    'input',
    { [HOSTILE]: 'x', pattern: '*/\u2028</script>' },
    `/${HOSTILE.replaceAll('/', '~1')} const ${JSON.stringify({ allowedValue: HOSTILE })}`,
  ],
  [
    NASTY_NAMES,
    'hostile',
    'input',
    { [HOSTILE]: HOSTILE, pattern: '*/' },
    '/pattern pattern {"pattern":"^[\'\\"`/]*\\\\*/\\\\u2028</script>$"}',
  ],
  [NASTY_NAMES, 'hostile', 'output', { toString: HOSTILE }],
  [NASTY_NAMES, 'EventStub', 'payload', { [HOSTILE]: HOSTILE }],
  [NASTY_NAMES, 'FlagDescriptor', 'data', {}, ` required ${JSON.stringify({ missingProperty: HOSTILE })}`],
  [EVENTS, 'noteSaved', 'payload', event],
  [EVENTS, 'noteSaved', 'payload', { ...event, body: 1 }, '/body type {"type":"string"}'],
  [EVENTS, 'noteDeleted', 'payload', { id: '' }, '/id minLength {"limit":1}'],
  [EVENTS, 'billed', 'payload', { customer: '', amount: '1.5' }, ' required {"missingProperty":"positions"}'],
  [EVENTS, 'quotaReached', 'data', { limit: 1, resetsAt: '2024-02-29T23:59:59Z' }],
  [EVENTS, 'quotaReached', 'data', { limit: 1, resetsAt: '' }, '/resetsAt format {"format":"date-time"}'],
  [EVENTS, 'busy', 'data', 'reading'],
  [EVENTS, 'busy', 'data', 'sleeping', ' enum {"allowedValues":["reading","writing"]}'],
]

test.each(CALLS)('%o: %s checks its %s %o', async ({ name, file }, connection, part, value, wrong) => {
  const validate = (await loadChecks(name, file, connection))[part]
  const passes = validate?.(value)
  const [violation] = validate?.errors ?? []
  const found = violation && `${violation.instancePath} ${violation.keyword} ${JSON.stringify(violation.params)}`
  expect([passes, found]).toEqual([wrong === undefined, wrong])
})
