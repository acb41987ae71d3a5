import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { prepareToolchains } from '../../toolchains/toolchains.js'
import { runWell } from '../run-command.js'
import { type LanguageServer, type Place, startLanguageServer, startTsserver } from './language-server.js'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

const SCHEMA = `import { connection, event, flag, stream, Type } from 'netgen/schema'

/** A note. */
export const Note = Type.Object({
  id: Type.String(),
  /** What it says. */
  body: Type.String(),
})

/** Saves a note. */
export const saveNote = connection({
  input: Note,
  output: Type.Object({ at: Type.Integer() }),
  errors: {
    DiskFull: Type.Object({ freeBytes: Type.Integer() }),
  },
})

/** All of them. */
export const listNotes = connection({ output: Type.Array(Note) })

/** Each as it is found. */
export const findNotes = connection({ output: stream(Note) })

/** A note was saved. */
export const noteSaved = event({ payload: Note })

/** Used up. */
export const quotaReached = flag({ data: Type.Object({ limit: Type.Integer() }) })
`

const PROGRAM = `import type { Peer } from 'netgen/runtime'
import { DiskFullError, type Note, quotaReached, schema, type SchemaHandlers } from './generated/schema.js'

declare const peer: Peer
const stub = peer.connect(schema)
export const saved = stub.saveNote({ id: '1', body: '' })
export const found = stub.listNotes.all()
export const notes = stub.findNotes()
export const emission = stub.noteSaved.emit({ id: '1', body: '' })
export const quota = quotaReached.tag
export const bodies = (notes: Note[]): string[] => notes.map((note) => note.body)
export const handlers: SchemaHandlers = {
  saveNote() {
    throw new DiskFullError({ freeBytes: 0 })
  },
  listNotes: () => [],
  async *findNotes() {},
}
`

const TSCONFIG = {
  compilerOptions: { strict: true, noEmit: true, module: 'nodenext', target: 'es2022', types: [], skipLibCheck: true },
}

const toolchains = await prepareToolchains()
const absence = toolchains.isThere ? '' : `, not run: ${toolchains.reason}`
const SERVERS = [
  [
    'tsserver of TypeScript 5.9',
    () => startTsserver(toolchains.isThere ? toolchains.locate('typescript-5.9/lib/tsserver.js') : ''),
  ],
  [
    'language server of TypeScript 7',
    (folder: string) => startLanguageServer(join(ROOT, 'node_modules/typescript/bin/tsc'), folder),
  ],
] as const

describe.each(SERVERS)('in an editor, with the %s', (name, start) => {
  const isThere = toolchains.isThere || name.endsWith(' 7')
  let folder: string
  let server: LanguageServer

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'netgen-editor-')))
    mkdirSync(join(folder, 'node_modules'))
    for (const [name, target] of [
      ['netgen', ROOT],
      ['typebox', join(ROOT, 'node_modules/typebox')],
    ] as const) {
      symlinkSync(target, join(folder, 'node_modules', name))
    }
    const files = {
      'schema.ts': SCHEMA,
      'program.ts': PROGRAM,
      'tsconfig.json': JSON.stringify(TSCONFIG),
      'package.json': '{ "type": "module" }',
    }
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text)
    await runWell(process.execPath, [join(ROOT, 'dist/generator/cli/main.js'), 'build'], { cwd: folder })
    server = start(folder)
  }, 60_000)
  afterAll(async () => {
    await server.close()
    rmSync(folder, { recursive: true })
  })

  function printPlace({ file, line, column }: Place): string {
    return `${file}:${line}:${column}`
  }

  /** The place of a text's last word, in a file of the project. */
  function find(file: string, text: string): Place {
    const whole = readFileSync(join(folder, file), 'utf8')
    const word = /\w+$/.exec(text)?.index ?? 0
    const before = whole.slice(0, whole.indexOf(text) + word).split('\n')
    return { file: join(folder, file), line: before.length, column: (before.at(-1) ?? '').length + 1 }
  }

  test.runIf(isThere).each([
    ['a call', 'stub.saveNote', 'export const saveNote'],
    ['a stub that is not called', 'stub.listNotes', 'export const listNotes'],
    ['a call of a stream', 'stub.findNotes', 'export const findNotes'],
    ['a handler of a stream', 'async *findNotes', 'export const findNotes'],
    ['a handler', '  saveNote', 'export const saveNote'],
    ['an event', 'stub.noteSaved', 'export const noteSaved'],
    ['a flag', 'const quota = quotaReached', 'export const quotaReached'],
    ['an error', 'new DiskFullError', '    DiskFull'],
    ['a type', '(notes: Note', 'export const Note'],
    ['a property', 'note.body', '  body'],
    ['the descriptor', 'DiskFullError, type Note, quotaReached, schema', 'import'],
    ['the handlers', 'handlers: SchemaHandlers', 'import'],
  ])(
    `go-to-definition leads from %s to its line in the schema, and nowhere else${absence}`,
    async (_, from, to) => {
      const found = await server.findDefinitions(find('program.ts', from))
      // A class and its constructor are two definitions, which editors show as one where they stand at one place.
      expect(new Set(found.map(printPlace))).toEqual(new Set([printPlace(find('schema.ts', to))]))
    },
    60_000,
  )

  test.runIf(isThere)(`a call's hover shows plain types and the documentation${absence}`, async () => {
    const text = (await server.hover(find('program.ts', 'stub.saveNote'))).replace(/\s+/g, ' ')
    expect(text).toMatch(
      /\(property\) SchemaStub\.saveNote: .*\(input: Note, options\?: CallOptions\) => Promise<\{ at: number; \}>/,
    )
    expect(text).toContain('Saves a note.')
    expect(text).toMatch(/@throws.*DiskFullError/)
  })

  test.runIf(isThere)(`the hover of a stream's call shows its items and the documentation${absence}`, async () => {
    const text = (await server.hover(find('program.ts', 'stub.findNotes'))).replace(/\s+/g, ' ')
    expect(text).toMatch(/\(property\) SchemaStub\.findNotes: .*\(options\?: CallOptions\) => ItemStream<Note>/)
    expect(text).toContain('Each as it is found.')
  })
})
