import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { build, type Rolldown } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProject } from './create-project.js'

const HANDLERS = `import type { DemoHandlers } from './generated/demo.js'
export const handlers: DemoHandlers = { multiplyValues: ({ val1, val2 }) => val1 * val2, saveNote() {}, listNotes: () => [] }
`
const SERVER = `import { createPeer } from 'netgen/runtime'
import { demo } from './generated/demo.js'
import { handlers } from './handlers.js'
const peer = await createPeer()
peer.connect(demo, handlers)
`
const CALLER = `import { createPeer } from 'netgen/runtime'
import { demo } from './generated/demo.js'
const peer = await createPeer()
console.log(await peer.connect(demo).multiplyValues({ val1: 5, val2: 10 }, { peer: 'x' }))
`
/** Of what is shared: the errors' classes, the types, and the descriptor. */
const SHARED = `import { demo, DiskFullError } from './generated/demo.js'
export const isFull = (error: unknown): boolean => error instanceof DiskFullError && demo.name === 'demo'
`

describe('a bundle', () => {
  let folder: string
  const chunks = new Map<string, readonly Rolldown.OutputChunk[]>()

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'netgen-bundle-')))
    await createProject(folder, ['--language', 'ts', '--import-ending', 'js'])
    const programs = { 'handlers.ts': HANDLERS, 'server.ts': SERVER, 'caller.ts': CALLER, 'shared.ts': SHARED }
    for (const [name, text] of Object.entries(programs)) writeFileSync(join(folder, name), text)
    for (const name of ['server', 'caller', 'shared']) chunks.set(name, await bundle(join(folder, `${name}.ts`)))
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true }))

  async function bundle(entry: string): Promise<readonly Rolldown.OutputChunk[]> {
    const built = await build({
      root: folder,
      logLevel: 'error',
      build: { ssr: entry, write: false, target: 'es2022' },
      ssr: { noExternal: true },
    })
    return ([built].flat()[0] as Rolldown.RolldownOutput).output.filter((file) => file.type === 'chunk')
  }

  /** The modules that some code of is in it: of the project by their paths, of packages by the packages' names. */
  function listModules(name: string, from: 'all' | 'entry'): Set<string> {
    const selected = (chunks.get(name) ?? []).filter(({ isEntry }) => from === 'all' || isEntry)
    const modules = selected.flatMap((chunk) => Object.entries(chunk.modules))
    return new Set(modules.filter(([, { code }]) => code !== null && code !== '').map(([id]) => describeModule(id)))
  }

  function describeModule(id: string): string {
    const packageName = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(id)?.[1]
    if (packageName !== undefined) return packageName
    return id.startsWith(folder) ? relative(folder, id) : (/\/dist\/(\w+)\//.exec(id)?.[1] ?? id)
  }

  test('of a caller holds no handler, no schema, and nothing that only building needs', () => {
    const modules = listModules('caller', 'all')
    expect(modules).toContain('caller.ts')
    for (const absent of ['handlers.ts', 'server.ts', 'demo.ts', 'typebox', 'ajv', 'generator', 'esbuild']) {
      expect(modules).not.toContain(absent)
    }
  })

  test('of a server holds its handlers, and no caller', () => {
    const modules = listModules('server', 'all')
    expect(modules).toContain('handlers.ts')
    for (const absent of ['caller.ts', 'demo.ts', 'typebox', 'ajv', 'generator']) expect(modules).not.toContain(absent)
  })

  test('of what both share holds neither half of the transport', () => {
    expect([...listModules('shared', 'entry')].sort()).toEqual(['generated/demo.ts', 'runtime', 'shared.ts'])
    const code = (chunks.get('shared') ?? []).map((chunk) => chunk.code).join('\n')
    expect(code).toContain('DiskFull')
    for (const absent of ['node:http', 'node:net', 'node:fs', 'undici', 'WebSocket']) expect(code).not.toContain(absent)
  })

  test('holds the checks of each connection in a chunk of their own, which its first call loads', () => {
    for (const name of ['server', 'caller', 'shared']) {
      expect([...listModules(name, 'entry')].filter((id) => id.startsWith('generated/demo/'))).toEqual([])
      expect([...listModules(name, 'all')].filter((id) => id.startsWith('generated/demo/')).sort()).toEqual([
        'generated/demo/listNotes.ts',
        'generated/demo/multiplyValues.ts',
        'generated/demo/saveNote.ts',
      ])
    }
  })
})
