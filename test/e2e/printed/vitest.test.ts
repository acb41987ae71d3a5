import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '../run-command.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** A user's test that fails for what another peer threw. */
const TEST = `import { createMemoryNetwork } from 'netgen/testing'
import { expect, test } from 'vitest'
import { schema } from './generated/schema.js'
import { countItems } from './shelf.js'

test('counts tea', async () => {
  const network = createMemoryNetwork()
  const shelf = await network.createPeer({ logger: { debug() {}, info() {}, warn() {}, error() {} } })
  shelf.connect(schema, { countItems: ({ item }) => countItems(item), placeOrder() {}, reserveItem() {} })
  const shop = (await network.createPeer()).connect(schema)
  expect(await shop.countItems({ item: 'tea' }, { peer: shelf.id })).toBe(1)
})
`

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netgen-vitest-'))
  await mkdir(join(folder, 'node_modules'))
  await symlink(root, join(folder, 'node_modules/netgen'))
  await symlink(join(root, 'node_modules/vitest'), join(folder, 'node_modules/vitest'))
  for (const name of ['generated', 'shelf.ts']) {
    await cp(join(root, 'fixtures/chain', name), join(folder, name), { recursive: true })
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  await writeFile(join(folder, 'tea.test.ts'), TEST)
})
afterAll(() => rm(folder, { recursive: true }))

test("vitest shows the line that called, with its source, then the other peer's, and the cause with its own", async () => {
  const command = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder]
  const { stderr, code } = await runCommand(process.execPath, command, {
    cwd: folder,
    env: { VITEST: '', NO_COLOR: '1' },
  })
  expect(code).toBe(1)
  const shown = stderr.slice(stderr.indexOf(' FAIL '), stderr.indexOf('⎯', stderr.indexOf('Caused by')))
  expect(shown.trimEnd().split('\n')).toEqual([
    ' FAIL  tea.test.ts > counts tea',
    'TypeError: there is no shelf for tea',
    ' ❯ tea.test.ts:11:21',
    expect.stringMatching(/^ +9\| /),
    expect.stringMatching(/^ +10\| /),
    expect.stringMatching(/^ +11\| {3}expect\(await shop\.countItems\(/),
    '       |                     ^',
    '     12| })',
    '     13|',
    ' ❯ countItems shelf.ts:8:11',
    '',
    "Caused by: Error: ENOENT: no such file or directory, open 'shelves/tea.txt'",
    ' ❯ countItems shelf.ts:6:19',
  ])
})
