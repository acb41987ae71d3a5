import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { runWell } from './run-command.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

const DECLARATION = `connection({
  input: Type.Object({ val1: Type.Number(), val2: Type.Number() }),
  output: Type.Number(),
})`

const SCHEMA = `const { connection, Type } = require('netgen/schema')\n`

const MAIN = `
const { createPeer } = require('netgen/runtime')
const { schema } = require('./generated/schema.js')
async function main() {
  const peer = await createPeer()
  const notes = peer.connect(schema, { multiplyValues: ({ val1, val2 }) => val1 * val2 })
  console.log(await notes.multiplyValues({ val1: 5, val2: 10 }))
  await notes.multiplyValues({ val1: '5', val2: 10 }).catch((error) => console.log(error.code))
  await peer.close()
}
main()
`

test.each([
  ['schema.js', `exports.multiplyValues = ${DECLARATION}`],
  ['schema.cjs', `module.exports = { multiplyValues: ${DECLARATION} }`],
])('a package of CommonJS builds its schema and calls it, all in JavaScript: %s', async (file, declared) => {
  const folder = await mkdtemp(join(tmpdir(), 'netgen-commonjs-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'node_modules'))
  await symlink(root, join(folder, 'node_modules/netgen'))
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'commonjs' }))
  await writeFile(join(folder, file), SCHEMA + declared)
  await writeFile(join(folder, 'main.js'), MAIN)

  const build = [join(root, 'dist/generator/cli/main.js'), 'build', file, '--language', 'js']
  await runWell(process.execPath, build, { cwd: folder })
  await writeFile(join(folder, 'generated/package.json'), JSON.stringify({ type: 'module' }))
  // The first build kept what the next one loads, and that one must find the same.
  await runWell(process.execPath, [...build, '--check'], { cwd: folder })
  const env = { NET_REGISTRY: join(folder, 'registry') }
  expect(await runWell(process.execPath, ['main.js'], { cwd: folder, env })).toBe('50\ninvalid_argument\n')
})
