import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

test('the demo prints what netgen does, and ends by itself', async () => {
  const registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'fixtures/demo/demo.ts'], {
    cwd: root,
    env: { ...process.env, NET_REGISTRY: registry, NO_COLOR: '1' },
  })
  await rm(registry, { recursive: true })
  expect(stderr).toBe('')
  const steady = stdout
    .replace(/127\.0\.0\.1:\d+/g, 'ADDRESS')
    .replace(/process \d+/g, 'process PID')
    .replace(/found \d+ ms/, 'found N ms')
  expect(steady.replace(/:\d+:\d+/g, ':L:C')).toMatchSnapshot()
})
