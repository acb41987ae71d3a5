import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { watchSchemas } from '../../../generator/cli/watch-schemas.js'
import { createFolder, writeFile } from '../temporary-folder.js'

interface Watch {
  readonly folder: string
  /** The schemas that were built, by their names, in order. */
  readonly built: string[]
  readonly failures: unknown[]
  /** How many rounds of builds have ended. */
  readonly rounds: number[]
  readonly ended: Promise<void>
  readonly stop: () => void
}

type Answer = { readonly ok: boolean; readonly inputs: readonly string[] }

/** Watches `schema.ts` and `other.ts` of a folder; the first imports `parts/part.ts`. */
async function startWatch(
  answer: (folder: string, schema: string, times: number) => Answer = answerWell,
): Promise<Watch> {
  const folder = createFolder({ 'schema.ts': '1', 'other.ts': '1', 'parts/part.ts': '1', 'unrelated.txt': '1' })
  const built: string[] = []
  const failures: unknown[] = []
  const rounds: number[] = []
  const interrupted = new AbortController()
  onTestFinished(() => interrupted.abort())
  const ended = watchSchemas({
    schemas: ['schema.ts', 'other.ts'].map((name) => join(folder, name)),
    begin: () => undefined,
    discard: () => undefined,
    build: async (schema) => {
      const name = schema.slice(folder.length + 1)
      built.push(name)
      return answer(folder, name, built.filter((other) => other === name).length)
    },
    onWatching: (files) => rounds.push(files),
    onFailure: (error) => failures.push(error),
    signal: interrupted.signal,
  })
  await vi.waitFor(() => expect(rounds).toHaveLength(1))
  built.length = 0
  return { folder, built, failures, rounds, ended, stop: () => interrupted.abort() }
}

function answerWell(folder: string, schema: string): Answer {
  const inputs = schema === 'schema.ts' ? ['schema.ts', 'parts/part.ts'] : ['other.ts']
  return { ok: true, inputs: inputs.map((name) => join(folder, name)) }
}

function replaceFile(folder: string, path: string, text: string): void {
  writeFileSync(join(folder, `${path}.tmp`), text)
  renameSync(join(folder, `${path}.tmp`), join(folder, path))
}

describe('watching', () => {
  it.each<[what: string, act: (folder: string) => void, want: string[]]>([
    ['a schema is written', (folder) => writeFile(folder, 'other.ts', '2'), ['other.ts']],
    ['an imported file is written', (folder) => writeFile(folder, 'parts/part.ts', '2'), ['schema.ts']],
    ['a schema is saved by rename', (folder) => replaceFile(folder, 'other.ts', '2'), ['other.ts']],
    ['an imported file is saved by rename', (folder) => replaceFile(folder, 'parts/part.ts', '2'), ['schema.ts']],
    ['a file is deleted', (folder) => rmSync(join(folder, 'parts/part.ts')), ['schema.ts']],
    ['a file is renamed', (folder) => renameSync(join(folder, 'other.ts'), join(folder, 'else.ts')), ['other.ts']],
    ['a folder is deleted', (folder) => rmSync(join(folder, 'parts'), { recursive: true }), ['schema.ts']],
    ['a folder is renamed', (folder) => renameSync(join(folder, 'parts'), join(folder, 'moved')), ['schema.ts']],
  ])('builds only what is concerned when %s', async (_what, act, want) => {
    const { folder, built, rounds } = await startWatch()
    act(folder)
    await vi.waitFor(() => expect(rounds).toHaveLength(2), 5_000)
    expect(built).toEqual(want)
  })

  it('builds once for many writes, and not for files that no schema reads', async () => {
    const { folder, built, rounds } = await startWatch()
    writeFile(folder, 'unrelated.txt', '2')
    for (let n = 0; n < 20; n++) writeFile(folder, 'other.ts', String(n))
    await vi.waitFor(() => expect(rounds).toHaveLength(2))
    expect(built).toEqual(['other.ts'])
  })

  it('sees a deleted folder come back', async () => {
    const { folder, built, rounds } = await startWatch()
    rmSync(join(folder, 'parts'), { recursive: true })
    await vi.waitFor(() => expect(rounds).toHaveLength(2))
    mkdirSync(join(folder, 'parts'))
    writeFile(folder, 'parts/part.ts', '3')
    await vi.waitFor(() => expect(built.length).toBeGreaterThan(1))
    const before = built.length
    await vi.waitFor(() => expect(rounds.length).toBeGreaterThan(2))
    writeFile(folder, 'parts/part.ts', '4')
    await vi.waitFor(() => expect(built.length).toBeGreaterThan(before))
    expect(new Set(built)).toEqual(new Set(['schema.ts']))
  })

  it('tries again when a file comes that an import may have meant', async () => {
    const { folder, built, rounds } = await startWatch((folder, schema, times) => {
      const inputs = [join(folder, schema), join(folder, 'new/part.js')]
      return { ok: schema !== 'schema.ts' || times > 1, inputs: schema === 'schema.ts' ? inputs : inputs.slice(0, 1) }
    })
    mkdirSync(join(folder, 'new'))
    await vi.waitFor(() => expect(rounds).toHaveLength(2))
    writeFile(folder, 'new/part.ts', '1')
    await vi.waitFor(() => expect(built.length).toBeGreaterThan(0))
    expect(new Set(built)).toEqual(new Set(['schema.ts']))
  })

  it('builds at last what was saved last, whatever was begun before', async () => {
    const folder = createFolder({ 'schema.ts': '1' })
    const file = join(folder, 'schema.ts')
    const read = (): string => readFileSync(file, 'utf8')
    const log: string[] = []
    const gates: (() => void)[] = []
    let begun: string | undefined
    let onDiscard: (() => void) | undefined
    const interrupted = new AbortController()
    onTestFinished(() => interrupted.abort())
    void watchSchemas({
      schemas: [file],
      begin: () => {
        begun = read()
        log.push(`begin ${begun}`)
      },
      discard: () => {
        begun = undefined
        onDiscard?.()
      },
      build: async () => {
        log.push(`build ${begun ?? read()}`)
        begun = undefined
        await new Promise<void>((resolve) => gates.push(resolve))
        return { ok: true, inputs: [file] }
      },
      onWatching: () => log.push('watching'),
      onFailure: (error) => log.push(String(error)),
      signal: interrupted.signal,
    })
    await vi.waitFor(() => expect(log).toEqual(['build 1']))
    // Both while the first build is under way.
    replaceFile(folder, 'schema.ts', '2')
    await vi.waitFor(() => expect(log.at(-1)).toBe('begin 2'))
    // So the first build ends, and the next begins, when nothing was begun of this.
    onDiscard = () => gates[0]?.()
    replaceFile(folder, 'schema.ts', '3')
    await vi.waitFor(() => expect(log.at(-1)).toMatch('build 3'))
    gates[1]?.()
    await vi.waitFor(() => expect(log.at(-1)).toBe('watching'))
    expect(log.filter((entry) => entry.startsWith('build'))).toEqual(['build 1', 'build 3'])
  })

  it('goes on after a build that threw', async () => {
    const { folder, built, failures, rounds } = await startWatch((folder, schema, times) => {
      if (schema === 'other.ts' && times === 1) throw new Error('broken')
      return answerWell(folder, schema)
    })
    expect(failures).toEqual([new Error('broken')])
    writeFile(folder, 'other.ts', '2')
    await vi.waitFor(() => expect(rounds).toHaveLength(2))
    expect(built).toEqual(['other.ts'])
  })

  it('ends when it is told to', async () => {
    const { stop, ended } = await startWatch()
    stop()
    await expect(ended).resolves.toBeUndefined()
  })
})
