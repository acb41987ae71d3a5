import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { BuildOptions, BuildResult } from '../../../generator/build-result.js'
import type { BuildCommand } from '../../../generator/cli/command.js'
import { runBuild } from '../../../generator/cli/run-build.js'
import { createDiagnostic } from '../../../generator/diagnostics/create-diagnostic.js'
import { createFolder } from '../temporary-folder.js'
import { type CollectingTerminal, collectTerminal } from './collect-terminal.js'

interface Run {
  readonly exitCode: number
  readonly terminal: CollectingTerminal
  /** What the generator was asked for. */
  readonly asked: readonly BuildOptions[]
}

async function run(
  files: Record<string, string>,
  command: Partial<BuildCommand>,
  result: (cwd: string) => Partial<BuildResult>,
): Promise<Run> {
  const cwd = createFolder(files)
  const terminal = collectTerminal(cwd)
  const asked: BuildOptions[] = []
  const build = async (options: BuildOptions): Promise<BuildResult> => {
    asked.push(options)
    return { ok: true, diagnostics: [], files: [], inputs: [], ...result(cwd) }
  }
  const whole: BuildCommand = { is: 'build', schemas: [], check: false, watch: false, json: false, ...command }
  const program = { build, begin: () => undefined, discard: () => undefined }
  return { exitCode: await runBuild(whole, program, terminal), terminal, asked }
}

const SOURCE = { 'schema.ts': 'export {}\n' }

const failed = (cwd: string): Partial<BuildResult> => ({
  ok: false,
  diagnostics: [
    createDiagnostic('NG1008', {
      message: 'schema file exports nothing',
      remedy: 'export something',
      place: { file: join(cwd, 'schema.ts'), line: 1, column: 8 },
    }),
  ],
})

const changed = (cwd: string): Partial<BuildResult> => ({
  files: [
    { path: join(cwd, 'generated/schema.ts'), change: 'created' },
    { path: join(cwd, 'generated/schema/a.ts'), change: 'updated' },
    { path: join(cwd, 'generated/schema/b.ts'), change: 'unchanged' },
    { path: join(cwd, 'generated/schema/c.ts'), change: 'removed' },
  ],
})

describe('netgen build', () => {
  it('takes schema.ts where no schema is named', async () => {
    const { asked, exitCode, terminal } = await run(SOURCE, {}, () => ({}))
    expect(asked).toEqual([{ schemas: ['schema.ts'], check: false, cwd: terminal.cwd }])
    expect(exitCode).toBe(0)
  })

  it('hands over what was typed', async () => {
    const { asked, terminal } = await run({}, { schemas: ['a.ts', 'b.ts'], out: 'lib', check: true }, () => ({}))
    expect(asked).toEqual([{ schemas: ['a.ts', 'b.ts'], out: 'lib', check: true, cwd: terminal.cwd }])
  })

  it('hands over the form that was asked for', async () => {
    const { asked } = await run(SOURCE, { language: 'ts', importEnding: 'none' }, () => ({}))
    expect(asked).toMatchObject([{ language: 'ts', importEnding: 'none' }])
  })

  it.each<[string, Partial<BuildCommand>, string]>([
    [
      'no schema there is',
      {},
      'netgen: there is no "schema.ts" here: name a schema file, as in `netgen build src/schema.ts`, or write a first one with `netgen init`',
    ],
    [
      '--check and --watch at once',
      { schemas: ['a.ts'], check: true, watch: true },
      'netgen: options "--check" and "--watch" exclude each other: leave one out',
    ],
    [
      '--import-ending for JavaScript',
      { schemas: ['a.ts'], language: 'js', importEnding: 'ts' },
      'netgen: options "--language js" and "--import-ending" exclude each other: JavaScript imports by whole names',
    ],
    [
      'an empty --out',
      { schemas: ['a.ts'], out: '' },
      'netgen: option "--out" needs a folder: leave it out for "generated" beside the schema',
    ],
  ])('refuses %s', async (_name, command, message) => {
    const { exitCode, terminal, asked } = await run({}, command, () => ({}))
    expect([exitCode, asked, terminal.data, terminal.messages]).toEqual([2, [], [], [message]])
  })

  it('prints what changed as data, and the sum as a message', async () => {
    const { exitCode, terminal } = await run(SOURCE, {}, changed)
    expect(exitCode).toBe(0)
    expect(terminal.data).toEqual([
      'created generated/schema.ts',
      'updated generated/schema/a.ts',
      'removed generated/schema/c.ts',
    ])
    expect(terminal.messages).toEqual([
      expect.stringMatching(/^netgen: 4 files, 1 created, 1 updated, 1 removed \(\d+ ms\)$/),
    ])
  })

  it('prints what is wrong as messages, and exits with 1', async () => {
    const { exitCode, terminal } = await run(SOURCE, {}, failed)
    expect([exitCode, terminal.data]).toEqual([1, []])
    expect(terminal.messages).toEqual([
      'schema.ts:1:8 error NG1008: schema file exports nothing\n> 1 | export {}\n    |        ^\n  2 |\n  export something\n',
      expect.stringMatching(/^netgen: 1 error, nothing written \(\d+ ms\)$/),
    ])
  })

  it('says with --check what is out of date, and exits with 1', async () => {
    const { exitCode, terminal } = await run(SOURCE, { check: true }, (cwd) => ({ ...changed(cwd), ok: false }))
    expect(exitCode).toBe(1)
    expect(terminal.data).toEqual([
      'missing generated/schema.ts',
      'stale generated/schema/a.ts',
      'left over generated/schema/c.ts',
    ])
    expect(terminal.messages).toEqual([
      expect.stringMatching(/^netgen: 4 files, 1 missing, 1 stale, 1 left over \(\d+ ms\)$/),
      'the output is not up to date: run `netgen build`',
    ])
  })

  it('prints one JSON document with --json, and no message', async () => {
    const { exitCode, terminal } = await run(SOURCE, { json: true }, failed)
    expect([exitCode, terminal.messages, terminal.data.length]).toEqual([1, [], 1])
    expect(JSON.parse(terminal.data.join())).toEqual({
      ok: false,
      diagnostics: [
        {
          code: 'NG1008',
          severity: 'error',
          message: 'schema file exports nothing',
          remedy: 'export something',
          file: join(terminal.cwd, 'schema.ts'),
          line: 1,
          column: 8,
        },
      ],
      files: [],
    })
  })
})
