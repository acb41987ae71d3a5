import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Task } from '../../../generator/load/answer.js'
import { type ChildPool, createChildPool } from '../../../generator/load/child-pool.js'
import { createFolder } from '../temporary-folder.js'

function startPool(maxChildren: number): ChildPool {
  const pool = createChildPool({ url: undefined }, maxChildren)
  onTestFinished(() => pool.close())
  return pool
}

/** A schema that notes that it runs, and goes on when it is allowed to. */
function writeTask(folder: string, name: string): Task {
  const code = `
    import { existsSync, mkdirSync } from 'node:fs'
    mkdirSync('${name}')
    while (!existsSync('${name}-may-end')) await new Promise((resolve) => setTimeout(resolve, 5))
    export const at = process.cwd()`
  return { code, file: join(folder, 'schema.ts') }
}

test('no more schemas run at once than the pool has room for', async () => {
  const folder = createFolder()
  const pool = startPool(2)
  const names = ['a', 'b', 'c']
  const running = names.map((name) => pool.run(writeTask(folder, name), 20_000))
  await vi.waitFor(() => expect(readdirSync(folder)).toEqual(['a', 'b']), 10_000)
  mkdirSync(join(folder, 'a-may-end'))
  await running[0]
  await vi.waitFor(() => expect(readdirSync(folder)).toContain('c'), 10_000)
  mkdirSync(join(folder, 'b-may-end'))
  mkdirSync(join(folder, 'c-may-end'))
  const outcomes = await Promise.all(running)
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['read', 'read', 'read'])
})

test('a schema runs in its own folder, also in a process that was waiting', async () => {
  const folder = createFolder()
  const pool = startPool(1)
  pool.prepare()
  const code = `import { writeFileSync } from 'node:fs'\nwriteFileSync('ran', '')\nexport const a = 1`
  expect(await pool.run({ code, file: join(folder, 'schema.ts') }, 20_000)).toMatchObject({
    outcome: 'read',
  })
  expect(readdirSync(folder)).toEqual(['ran'])
})

const KNOWN = new Map([['a', '{"is":"other","type":"number"}']])

test.each<
  [what: string, told: ReadonlyMap<string, string> | undefined, known: typeof KNOWN | undefined, sent: object[]]
>([
  ['known and told while it waits', KNOWN, KNOWN, [{ name: 'a' }]],
  ['known and told with the task', undefined, KNOWN, [{ name: 'a' }]],
  ['no longer known', KNOWN, undefined, [{ name: 'a', text: '{"is":"other","type":"number"}' }]],
  ['of another text', KNOWN, new Map([['a', '1']]), [{ name: 'a', text: '{"is":"other","type":"number"}' }]],
])('a process sends what is not known: %s', async (_what, told, known, exports) => {
  const folder = createFolder()
  const pool = startPool(1)
  pool.prepare(told)
  const task = { code: 'export const a = 1', file: join(folder, 'schema.ts') }
  expect(await pool.run(task, 20_000, known)).toEqual({ outcome: 'read', exports })
})

test('each schema runs in a process of its own', async () => {
  const folder = createFolder()
  const pool = startPool(2)
  const code = `import { mkdirSync } from 'node:fs'\nmkdirSync(String(process.pid))\nglobalThis.seen = (globalThis.seen ?? 0) + 1\nif (globalThis.seen > 1) throw new Error('seen')`
  for (let round = 0; round < 3; round++) {
    pool.prepare()
    expect(await pool.run({ code, file: join(folder, 'schema.ts') }, 20_000)).toMatchObject({
      outcome: 'read',
    })
  }
  expect(readdirSync(folder)).toHaveLength(3)
})

test('a pool that is closed leaves no process', async () => {
  const folder = createFolder()
  const pool = createChildPool({ url: undefined }, 1)
  const running = pool.run(writeTask(folder, 'a'), 20_000)
  pool.prepare()
  await vi.waitFor(() => expect(readdirSync(folder)).toEqual(['a']), 10_000)
  pool.close()
  expect(await running).toEqual({ outcome: 'ended', exitCode: null, signal: 'SIGKILL' })
})
