import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { prepareToolchains } from '../../toolchains/toolchains.js'
import { runWell } from '../run-command.js'
import { compileProjects } from './compile-project.js'
import { createProject, type Form } from './create-project.js'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const OWN_TSC = join(ROOT, 'node_modules/typescript/bin/tsc')

/** The output in every form, by the folder of its project. */
const FORMS: Readonly<Record<string, Form>> = {
  'ts-js': ['--language', 'ts', '--import-ending', 'js'],
  'ts-ts': ['--language', 'ts', '--import-ending', 'ts'],
  'ts-none': ['--language', 'ts', '--import-ending', 'none'],
  js: ['--language', 'js'],
}

/** The forms that each resolution takes. */
const RESOLUTIONS = { nodenext: ['ts-js', 'js'], bundler: ['ts-ts', 'ts-none', 'js'] } as const

const PRINTED = `50
hello
1
NetgenError: input of demo.multiplyValues is refused: /val1 is "5", expected a number
0
1970
3
7
undefined
NetgenError: event "events.billed" of events is durable, which takes an engine, and this peer has none: name one, as in createPeer({ engine: 'nats://localhost:4222' }), or declare it with delivery: 'live'
true
events.quotaReached value, notes.nothing none, events.busy value
`

const toolchains = await prepareToolchains()
const locate = (path: string): string => (toolchains.isThere ? toolchains.locate(path) : '')
const absence = toolchains.isThere ? '' : `, not run: ${toolchains.reason}`

const COMPILERS = [
  ['5.5', locate('typescript-5.5/bin/tsc'), {}],
  ['5.9', locate('typescript-5.9/bin/tsc'), { erasableSyntaxOnly: true }],
  ['6.0', locate('typescript-6.0/bin/tsc'), { erasableSyntaxOnly: true }],
  ['7.0', OWN_TSC, { erasableSyntaxOnly: true }],
] as const

describe('the output of every fixture', () => {
  let folder: string
  const project = (name: string): string => join(folder, name)

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'netgen-matrix-')))
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
    for (const [name, form] of Object.entries(FORMS)) {
      mkdirSync(project(name))
      await createProject(project(name), form)
    }
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true }))

  describe.each(COMPILERS)('under TypeScript %s', (version, tsc, flags) => {
    const isThere = version === '7.0' || toolchains.isThere
    test.runIf(isThere).each(['nodenext', 'bundler'] as const)(
      `compiles at its strictest, with the resolution %s${isThere ? '' : absence}`,
      async (resolution) => {
        const options = { tsc, resolution, flags: { ...flags, skipLibCheck: true } }
        expect(await compileProjects(folder, RESOLUTIONS[resolution], options)).toBe('')
      },
      60_000,
    )
  })

  test('compiles with all declarations checked, those of its packages too', async () => {
    const options = { tsc: OWN_TSC, resolution: 'nodenext', flags: { skipLibCheck: false } } as const
    expect(await compileProjects(folder, ['js'], options)).toBe('')
  }, 60_000)

  test.each(['ts-js', 'ts-none', 'js'])('runs by tsx, in the form %s', async (name) => {
    expect(await runWell(process.execPath, ['--import', 'tsx', 'program.ts'], { cwd: project(name) })).toBe(PRINTED)
  })

  test.each(['ts-js', 'ts-ts', 'ts-none', 'js'])('runs from a bundle of Vite, in the form %s', async (name) => {
    await build({
      root: project(name),
      logLevel: 'error',
      build: { ssr: 'program.ts', outDir: 'bundle', target: 'es2022' },
      ssr: { noExternal: true },
    })
    // Nothing but the bundle: a package that it still imported would not be found.
    const alone = mkdtempSync(join(tmpdir(), 'netgen-bundle-'))
    try {
      await runWell('cp', ['-r', join(project(name), 'bundle'), alone], { cwd: folder })
      expect(await runWell(process.execPath, ['bundle/program.js'], { cwd: alone })).toBe(PRINTED)
    } finally {
      rmSync(alone, { recursive: true })
    }
  })

  test('runs from another folder, into which tsc compiled it', async () => {
    const flags = ['--target', 'es2022', '--module', 'nodenext', '--skipLibCheck', '--types', 'node', '--strict']
    const output = ['--outDir', 'compiled', '--rootDir', '.', '--ignoreConfig']
    await runWell(process.execPath, [OWN_TSC, ...flags, ...output, 'program.ts'], { cwd: project('ts-js') })
    expect(await runWell(process.execPath, ['compiled/program.js'], { cwd: project('ts-js') })).toBe(PRINTED)
  })

  test.runIf(toolchains.isThere).each([
    ['24', 'ts-ts'],
    ['24', 'js'],
    ['26', 'ts-ts'],
    ['26', 'js'],
  ])(`runs by plain Node %s, which strips types, in the form %s${absence}`, async (version, name) => {
    expect(await runWell(locate(`node-${version}/bin/node`), ['program.ts'], { cwd: project(name) })).toBe(PRINTED)
  })
})
