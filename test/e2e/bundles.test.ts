import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readmeBundling, readReadmeFile } from './readme-blocks.js'
import { runWell } from './run-command.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A local call, and one that fails. */
const MAIN = `
import { createPeer } from 'netgen/runtime'
import { schema } from './generated/schema.js'
async function main() {
  await using peer = await createPeer()
  const notes = peer.connect(schema, { multiplyValues: ({ val1, val2 }) => val1 * val2 })
  console.log(await notes.multiplyValues({ val1: 5, val2: 10 }))
  const error = await notes.multiplyValues({ val1: '5' as never, val2: 10 }).catch((error) => error)
  console.log(error.code)
}
void main()
`

describe('a program in one file, by a command line of the README', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netgen-bundles-'))
    await mkdir(join(folder, 'node_modules'))
    await symlink(root, join(folder, 'node_modules/netgen'))
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
    await writeFile(join(folder, 'schema.ts'), readReadmeFile('schema.ts'))
    await writeFile(join(folder, 'main.ts'), MAIN)
    await runWell(process.execPath, [join(root, 'dist/generator/cli/main.js'), 'build', 'schema.ts'], { cwd: folder })
  })
  afterAll(() => rm(folder, { recursive: true }))

  test.each(['main.cjs', 'main.mjs'])('answers calls as it does unbundled: %s', async (outfile) => {
    const commands = readmeBundling.filter((line) => line.includes(`--outfile=${outfile}`))
    expect(commands).toHaveLength(1)
    const esbuild = join(root, 'node_modules/.bin/esbuild')
    await runWell('sh', ['-c', commands[0]?.replace('npx esbuild', esbuild) ?? ''], { cwd: folder })
    const env = { NET_REGISTRY: join(folder, 'registry') }
    expect(await runWell(process.execPath, [outfile], { cwd: folder, env })).toBe('50\ninvalid_argument\n')
  })
})
