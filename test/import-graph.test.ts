import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Each layer may import itself and those before it; types count as imports. */
const RUNTIME_LAYERS = [
  'runtime/no-entry.ts',
  'runtime/version.ts',
  'runtime/errors',
  'runtime/traceback',
  'runtime/wire',
  'runtime/codec',
  'runtime/validation',
  'runtime/api',
  'runtime/v1.ts',
  'schemas/generated',
  'runtime/call',
  'runtime/transport',
  'runtime/discovery',
  'runtime/events',
  'runtime/peer',
  'runtime/interceptors',
  'runtime/opentelemetry',
  'runtime/runtime.ts',
  'runtime/testing.ts',
  'runtime/interceptors.ts',
  'runtime/opentelemetry.ts',
  'runtime/nats.ts',
]
const GENERATOR_LAYERS = [
  'generator/own-folder.ts',
  'generator/own-package.ts',
  'generator/cache',
  'generator/diagnostics',
  'generator/source',
  'generator/load',
  'generator/model',
  'generator/validators',
  'generator/text',
  'generator/project',
  'generator/files',
  'generator/build-result.ts',
  'generator/build-schemas.ts',
  'generator/builder.ts',
  'generator/build.ts',
  'generator/generator.ts',
  'generator/cli',
]
const VOCABULARY_LAYERS = [
  'schemas/any-schema.ts',
  'schemas/codecs.ts',
  'schemas/arbitrary',
  'schemas/stream.ts',
  'schemas/connection.ts',
  'schemas/event.ts',
  'schemas/flag.ts',
  'schemas/schema.ts',
]
const LAYERS = [RUNTIME_LAYERS, GENERATOR_LAYERS, VOCABULARY_LAYERS]

/** netgen's own schema file is what a user would write: it imports the entry by its public name. */
const SCHEMA_FILE = 'schemas/netgen.ts'

interface Import {
  readonly from: string
  readonly to: string
  /** It is not loaded with the file. */
  readonly isLater: boolean
}

const files = ['schemas', 'generator', 'runtime'].flatMap(listSources)
const imports = files.flatMap(readImports)

describe('the import graph', () => {
  test('has every file in one layer', () => {
    const homeless = files.filter((file) => file !== SCHEMA_FILE && findLayer(file) === undefined)
    expect(homeless).toEqual([])
  })

  test('has no layer without a file', () => {
    const empty = LAYERS.flat().filter((layer) => !files.some((file) => isIn(file, layer)))
    expect(empty).toEqual([])
  })

  test('has no arrow against the layers, nor between generator, runtime and vocabulary', () => {
    const wrong = imports
      .filter(({ from, to }) => isOwn(to) && from !== SCHEMA_FILE && !isAllowed(from, to))
      .map(({ from, to }) => `${from} imports ${to}`)
    expect(wrong).toEqual([])
  })

  test('has no cycle', () => {
    expect(findCycles()).toEqual([])
  })

  test('imports each outside package in one place', () => {
    const places = new Map<string, Set<string>>()
    for (const { from, to } of imports) {
      if (isOwn(to) || to.startsWith('node:') || to.startsWith('netgen/')) continue
      const name = to.split('/', to.startsWith('@') ? 2 : 1).join('/')
      places.set(name, (places.get(name) ?? new Set()).add(from))
    }
    expect(Object.fromEntries([...places].map(([name, from]) => [name, [...from]]))).toEqual({
      '@nats-io/jetstream': ['runtime/transport/nats/jetstream/load-jetstream.ts'],
      '@nats-io/transport-node': ['runtime/transport/nats/load-nats.ts'],
      '@opentelemetry/api': ['runtime/opentelemetry/api.ts'],
      ajv: ['generator/validators/compile-with-ajv.ts'],
      'ajv-formats': ['generator/validators/compile-with-ajv.ts'],
      'get-tsconfig': ['generator/project/read-tsconfig.ts'],
      esbuild: ['generator/load/bundle.ts'],
      'fast-check': ['schemas/arbitrary/fast-check.ts'],
      'multicast-dns': ['runtime/discovery/lan/multicast.ts'],
      'ts-morph': ['generator/source/typescript.ts'],
      typebox: ['schemas/codecs.ts', 'schemas/schema.ts'],
      undici: ['runtime/transport/http/connection-pool.ts'],
      ws: ['runtime/transport/session/websocket-link.ts'],
      yargs: ['generator/cli/parse-command-line.ts'],
    })
  })

  test('reaches Node through the platform layers only: no socket and no file below them', () => {
    const platform = new Set(
      ['http', 'https', 'net', 'tls', 'dgram', 'dns/promises', 'fs', 'fs/promises', 'child_process'].map(
        (name) => `node:${name}`,
      ),
    )
    const users = imports
      .filter(({ from, to }) => from.startsWith('runtime/') && platform.has(to))
      .map(({ from }) => from)
    expect([...new Set(users)].sort()).toEqual([
      'runtime/discovery/beats/beat-socket.ts',
      'runtime/discovery/is-open.ts',
      'runtime/discovery/lan/multicast.ts',
      'runtime/discovery/local/peer-process.ts',
      'runtime/discovery/local/peers-folder.ts',
      'runtime/discovery/local/registry-folder.ts',
      'runtime/discovery/local/shared-secret.ts',
      'runtime/discovery/scan/arp-table.ts',
      'runtime/traceback/map-frame.ts',
      'runtime/traceback/read-source.ts',
      'runtime/transport/http/answer-lines.ts',
      'runtime/transport/http/cors.ts',
      'runtime/transport/http/http-server.ts',
      'runtime/transport/http/limit-unread.ts',
      'runtime/transport/http/locate.ts',
      'runtime/transport/http/passed-request.ts',
      'runtime/transport/http/received-request.ts',
      'runtime/transport/http/tls.ts',
      'runtime/transport/nats/server-identity.ts',
      'runtime/transport/own-file.ts',
      'runtime/transport/session/websocket-link.ts',
    ])
  })

  test.each(['runtime/runtime.ts', 'runtime/v1.ts', 'runtime/testing.ts', 'runtime/interceptors.ts'])(
    'leads from %s to no OpenTelemetry',
    (entry) => {
      const reached = findReached(entry)
      expect(reached.size).toBeGreaterThan(5)
      expect([...reached].filter((path) => path.toLowerCase().includes('opentelemetry'))).toEqual([])
    },
  )

  test.each(['runtime/runtime.ts', 'runtime/v1.ts', 'runtime/testing.ts', 'runtime/interceptors.ts'])(
    'leads from %s to an engine only where one is asked for',
    (entry) => {
      const isOfEngine = (path: string): boolean => /^runtime\/(?:transport\/nats|discovery\/engine)\//.test(path)
      expect([...findReached(entry, (step) => !step.isLater)].filter(isOfEngine)).toEqual([])
    },
  )

  test('has no file past 300 lines', () => {
    const long = files.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 301)
    expect(long.filter((file) => !file.includes('/generated/'))).toEqual([])
  })
})

function listSources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name).split(sep).join('/'))
    .sort()
}

function readImports(from: string): Import[] {
  const text = readFileSync(join(root, from), 'utf8')
  const found = [...text.matchAll(/(\bfrom|\bimport\(|^import)\s*'([^'\s]+)'/gm)]
  return found.map(([, how, specifier = '']) => ({ from, to: resolve(from, specifier), isLater: how === 'import(' }))
}

function resolve(from: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier === 'netgen/runtime/v1' ? 'runtime/v1.ts' : specifier
  return relative(root, join(root, dirname(from), specifier))
    .split(sep)
    .join('/')
    .replace(/\.js$/, '.ts')
}

function isOwn(path: string): boolean {
  return /^(?:schemas|generator|runtime)\//.test(path)
}

function isIn(file: string, layer: string): boolean {
  return file === layer || file.startsWith(`${layer}/`)
}

function findLayer(file: string): { group: number; rank: number } | undefined {
  for (const [group, layers] of LAYERS.entries()) {
    const rank = layers.findIndex((layer) => isIn(file, layer))
    if (rank !== -1) return { group, rank }
  }
  return undefined
}

function isAllowed(from: string, to: string): boolean {
  const source = findLayer(from)
  const target = findLayer(to)
  return source !== undefined && target !== undefined && source.group === target.group && target.rank <= source.rank
}

/** All that is loaded with a file, sooner or later. */
function findReached(entry: string, isTaken: (step: Import) => boolean = () => true): Set<string> {
  const reached = new Set([entry])
  for (const file of reached) for (const step of imports) if (step.from === file && isTaken(step)) reached.add(step.to)
  return reached
}

function findCycles(): string[] {
  const next = new Map(files.map((file) => [file, imports.filter(({ from }) => from === file).map(({ to }) => to)]))
  const state = new Map<string, 'open' | 'done'>()
  const cycles: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'done') return
    if (state.get(file) === 'open') {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' → '))
      return
    }
    state.set(file, 'open')
    for (const target of next.get(file) ?? []) if (next.has(target)) visit(target, [...path, file])
    state.set(file, 'done')
  }
  for (const file of files) visit(file, [])
  return cycles
}
