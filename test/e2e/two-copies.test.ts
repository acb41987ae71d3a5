import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runWell } from './run-command.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A library with its own copy of netgen: it makes peers, and has generated code of its own. */
const LIBRARY = `
import { createPeer, DeclaredError, formatTraceback, NetgenError, SkewError } from 'netgen/runtime'
import { DiskFullError, schema } from './generated/schema.js'
export { createPeer, DeclaredError, DiskFullError, formatTraceback, NetgenError, schema, SkewError }
`

/** Each call goes from a peer of the application's copy to one of the library's, whose handlers use a peer of the application's. */
const APPLICATION = `
import { createPeer, DeclaredError, formatTraceback, NetgenError, SkewError } from 'netgen/runtime'
import { DiskFullError, schema } from './generated/schema.js'
import * as library from 'library'

const logger = { debug() {}, info() {}, warn() {}, error() {} }
const failures = {
  plain: () => { throw new TypeError('plain') },
  declared: () => { throw new DiskFullError({ freeBytes: 7 }) },
  netgens: () => { throw new NetgenError('not_found', 'no such note') },
  refused: () => undefined,
  skew: () => { throw new SkewError('x', { tag: 'schema.save', caller: 'a', callee: 'b' }, false) },
}
const last = await createPeer({ logger })
last.connect(schema, { save: ({ id }) => failures[id]() })
const through = await createPeer({ logger })
const onwards = through.connect(schema)
const middle = await library.createPeer({ logger })
middle.connect(library.schema, {
  save: function relay(note) { return onwards.save(note.id === 'refused' ? {} : note, { peer: last.id }) },
})
const here = await createPeer({ logger })
const there = await library.createPeer({ logger })
const copies = { application: here.connect(schema), library: there.connect(library.schema) }

async function callFrom(copy, id) {
  try {
    await copies[copy].save({ id }, { peer: middle.id })
  } catch (error) {
    return {
      says: error.name + ': ' + error.message,
      known: [NetgenError, library.NetgenError, DeclaredError, library.DeclaredError, DiskFullError, library.DiskFullError, TypeError, SkewError, library.SkewError]
        .map((type) => error instanceof type),
      code: error.code,
      labels: error.stack.split('\\n').filter((line) => line.includes('---')).length,
      formatted: [formatTraceback(error), library.formatTraceback(error)].map((text) => text.split('    --- at ').length - 1),
      hops: error.remote.hops.map(({ frames }) => frames.map(({ function: name }) => name ?? '')),
    }
  }
}

const answers = {}
for (const copy of Object.keys(copies)) for (const id of Object.keys(failures)) answers[copy + ' ' + id] = await callFrom(copy, id)
console.log(JSON.stringify({ answers, isOne: NetgenError === library.NetgenError }))
await Promise.all([last, through, middle, here, there].map((peer) => peer.close()))
`

const SCHEMA = `
import { connection, Type } from 'netgen/schema'
export const save = connection({
  input: Type.Object({ id: Type.String() }),
  errors: { DiskFull: Type.Object({ freeBytes: Type.Integer() }) },
})
`

describe('two copies of netgen in one process', () => {
  let folder: string
  let answers: Record<string, { says: string; known: boolean[]; labels: number; formatted: number[]; hops: string[][] }>

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netgen-copies-'))
    const libraryFolder = join(folder, 'node_modules', 'library')
    for (const place of [folder, libraryFolder]) {
      const copy = join(place, 'node_modules', 'netgen')
      await mkdir(copy, { recursive: true })
      await cp(join(root, 'dist'), join(copy, 'dist'), { recursive: true })
      await cp(join(root, 'package.json'), join(copy, 'package.json'))
      await writeFile(join(place, 'schema.ts'), SCHEMA)
    }
    for (const name of ['undici', 'ws', 'typebox']) {
      await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name))
    }
    await writeFile(join(libraryFolder, 'package.json'), JSON.stringify({ type: 'module', exports: './library.mjs' }))
    await writeFile(join(libraryFolder, 'library.mjs'), LIBRARY)
    await writeFile(join(folder, 'application.mjs'), APPLICATION)
    await build(folder)
    await build(libraryFolder)
    const env = { NET_REGISTRY: join(folder, 'registry') }
    const printed = await runWell(process.execPath, ['application.mjs'], { cwd: folder, env })
    const result = JSON.parse(printed) as { answers: typeof answers; isOne: boolean }
    answers = result.answers
    // Otherwise there would be one copy only.
    expect(result.isOne).toBe(false)
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** With netgen's own generator: what it writes imports the copy beside it. */
  async function build(place: string): Promise<void> {
    const command = [join(root, 'dist/generator/cli/main.js'), 'build', 'schema.ts', '--language', 'js']
    await runWell(process.execPath, command, { cwd: place })
  }

  const ways = ['application', 'library']

  test.each(ways)('errors are of the classes of both, thrown to the %s', (way) => {
    // NetgenError and DeclaredError of each copy; DiskFullError as the caller's own schema has it; TypeError; SkewError of each.
    const isCallers = [way === 'application', way === 'library']
    expect(answers[`${way} plain`]?.known).toEqual([false, false, false, false, false, false, true, false, false])
    expect(answers[`${way} netgens`]?.known).toEqual([true, true, false, false, false, false, false, false, false])
    expect(answers[`${way} declared`]?.known).toEqual([true, true, true, true, ...isCallers, false, false, false])
    expect(answers[`${way} skew`]?.known).toEqual([true, true, false, false, false, false, false, true, true])
    expect(answers[`${way} refused`]?.known).toEqual([true, true, false, false, false, false, false, false, false])
  })

  test.each(ways)('what passed a peer of the other copy is one traceback, thrown to the %s', (way) => {
    for (const id of ['plain', 'declared', 'netgens']) {
      const answer = answers[`${way} ${id}`]
      expect(answer?.hops).toEqual([['Object.relay [as save]'], [`Object.${id}`, 'Object.save']])
      expect(answer?.labels).toBe(2)
      // By the copy that threw it, and by the other one.
      expect(answer?.formatted).toEqual([2, 2])
    }
    expect(answers[`${way} refused`]).toMatchObject({
      says: 'NetgenError: input of schema.save is refused: it lacks "id"',
      hops: [['Object.relay [as save]']],
      labels: 1,
    })
  })
})
