import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { printJsonSchema, printOpenApi } from './print-openapi.js'
import { printProto } from './print-proto.js'
import { printSchemaFile } from './print-typebox.js'
import { describeService } from './service.js'

/** Files that are written anew for each run of a benchmark. */
export const WORK_FOLDER: string = join(import.meta.dirname, '..', 'work')

const BENCH_FOLDER = join(import.meta.dirname, '..')
const NETGEN = join(BENCH_FOLDER, 'node_modules/netgen/dist/generator/cli/main.js')

/** A program that generates code from a description of a service. */
export interface Generator {
  readonly name: string
  /** What it writes. */
  readonly writes: 'types' | 'types and stubs' | 'types, stubs and validators'
  /** More methods take it too long, or it fails. */
  readonly maxMethods: number
  /** Why it cannot run here; absent where it can. */
  readonly missing?: string
  /** Done before each run, and not measured. Default: the output folder is emptied. */
  readonly prepare?: (folders: Folders) => void
  readonly command: (folders: Folders) => readonly string[]
}

/** Where a generator reads and writes, absolute. */
export interface Folders {
  readonly input: string
  readonly output: string
}

const NODE = process.execPath
const { error: protocError } = spawnSync('protoc', ['--version'])
const protoc = protocError ? { missing: 'protoc is not installed: apt-get install protobuf-compiler' } : {}

const STUBS_ONLY = bundleStubsOnly()

/** Every generator that is compared. */
export const GENERATORS: readonly Generator[] = [
  {
    name: 'netgen, types and stubs',
    writes: 'types and stubs',
    maxMethods: 5000,
    command: ({ input, output }) => [NODE, STUBS_ONLY, 'build', join(input, 'schema.ts'), '--out', output],
  },
  {
    name: 'netgen, types and stubs, edited',
    writes: 'types and stubs',
    maxMethods: 5000,
    // No earlier build has seen this text, which is what a build is mostly for.
    prepare: (folders) => {
      emptyOutput(folders)
      const file = join(folders.input, 'edited.ts')
      writeFileSync(file, `${readFileSync(join(folders.input, 'schema.ts'), 'utf8')}// ${performance.now()}\n`)
    },
    command: ({ input, output }) => [NODE, STUBS_ONLY, 'build', join(input, 'edited.ts'), '--out', output],
  },
  {
    name: 'netgen, cold',
    writes: 'types, stubs and validators',
    maxMethods: 5000,
    // In a project of its own, whose cache is emptied: nothing of an earlier run is there.
    prepare: (folders) => {
      emptyOutput(folders)
      rmSync(join(folders.input, 'cold/node_modules/.cache'), { recursive: true, force: true })
    },
    command: ({ input, output }) => buildWithNetgen({ input: join(input, 'cold'), output }),
  },
  {
    name: 'netgen, again',
    writes: 'types, stubs and validators',
    maxMethods: 5000,
    // The run before left its output and its cache.
    prepare: () => undefined,
    command: buildWithNetgen,
  },
  {
    name: 'json-schema-to-typescript',
    writes: 'types',
    maxMethods: 1000,
    command: ({ input, output }) => [
      NODE,
      bin('json2ts'),
      '-i',
      join(input, 'schema.json'),
      '-o',
      join(output, 'a.ts'),
    ],
  },
  {
    name: 'openapi-typescript',
    writes: 'types',
    maxMethods: 1000,
    command: ({ input, output }) => [
      NODE,
      bin('openapi-typescript'),
      join(input, 'openapi.json'),
      '-o',
      join(output, 'a.ts'),
    ],
  },
  {
    name: 'hey-api/openapi-ts',
    writes: 'types and stubs',
    maxMethods: 1000,
    command: ({ input, output }) => {
      const options = ['-o', join(output, 'hey'), '-c', '@hey-api/client-fetch', '--silent']
      return [NODE, bin('openapi-ts'), '-i', join(input, 'openapi.json'), ...options]
    },
  },
  {
    name: 'protoc-gen-es',
    writes: 'types and stubs',
    // 1,000 take it more than five minutes.
    maxMethods: 100,
    ...protoc,
    command: ({ input, output }) => {
      const options = [`--plugin=protoc-gen-es=${bin('protoc-gen-es')}`, `--es_out=${output}`, '--es_opt=target=ts']
      return ['protoc', '-I', input, ...options, join(input, 'service.proto')]
    },
  },
  {
    name: 'ts-proto',
    writes: 'types and stubs',
    // At 1,000 it runs out of memory.
    maxMethods: 100,
    ...protoc,
    command: ({ input, output }) => {
      const options = ['--ts_proto_opt=esModuleInterop=true,outputServices=grpc-js', `--ts_proto_out=${output}`]
      const plugin = `--plugin=protoc-gen-ts_proto=${bin('protoc-gen-ts_proto')}`
      return ['protoc', '-I', input, plugin, ...options, join(input, 'service.proto')]
    },
  },
]

function buildWithNetgen({ input, output }: Folders): string[] {
  return [NODE, NETGEN, 'build', join(input, 'schema.ts'), '--out', output, '--language', 'ts']
}

function bundleStubsOnly(): string {
  const output = join(WORK_FOLDER, 'stubs-only')
  const standsIn = pathToFileURL(join(BENCH_FOLDER, 'node_modules/netgen/dist/generator/stubs-only.js')).href
  const { status, stderr } = spawnSync(
    join(BENCH_FOLDER, '../../node_modules/.bin/esbuild'),
    [
      join(import.meta.dirname, 'stubs-only.mjs'),
      `--outdir=${output}`,
      `--define:import.meta.url=${JSON.stringify(standsIn)}`,
      ...['--bundle', '--splitting', '--packages=external', '--platform=node', '--format=esm'],
    ],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(stderr)
  return join(output, 'stubs-only.js')
}

/** Writes the description of a service in every generator's language. Answers the folder. */
export function writeInputs(methods: number): string {
  const service = describeService(methods)
  const folder = join(WORK_FOLDER, `input-${methods}`)
  mkdirSync(folder, { recursive: true })
  const packages = join(folder, 'cold/node_modules')
  mkdirSync(packages, { recursive: true })
  rmSync(join(packages, 'netgen'), { force: true })
  symlinkSync(join(BENCH_FOLDER, 'node_modules/netgen'), join(packages, 'netgen'))
  for (const path of ['schema.ts', 'cold/schema.ts']) writeFileSync(join(folder, path), printSchemaFile(service))
  writeFileSync(join(folder, 'openapi.json'), printOpenApi(service))
  writeFileSync(join(folder, 'schema.json'), printJsonSchema(service))
  writeFileSync(join(folder, 'service.proto'), printProto(service))
  return folder
}

/** Makes a generator's output folder new. */
export function emptyOutput({ output }: Folders): void {
  rmSync(output, { recursive: true, force: true })
  mkdirSync(output, { recursive: true })
}

function bin(name: string): string {
  return join(BENCH_FOLDER, 'node_modules/.bin', name)
}
