import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { readmeInstall, readmeRun, readReadmeFile } from './readme-blocks.js'
import { runCommand, runWell } from './run-command.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
// A request that is stuck is made again in time.
const INSTALL = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--fetch-timeout=20000']

/** Node's types are there, and nobody named them: TypeScript 7 takes none by itself. */
const TSC_OPTIONS = {
  module: 'nodenext',
  target: 'es2022',
  strict: true,
  outDir: 'dist',
  typeRoots: [join(root, 'node_modules/@types')],
}

/** One process, two peers, a call between them over a socket. */
const TWO_PEERS = `
import { createPeer } from 'netgen/runtime'
import { schema } from './generated/schema.js'
const server = await createPeer()
server.connect(schema, { multiplyValues: ({ val1, val2 }) => val1 * val2 })
const caller = await createPeer()
console.log(await caller.connect(schema).multiplyValues({ val1: 5, val2: 10 }, { peer: server.id }))
await Promise.all([server.close(), caller.close()])
`

describe('the packed package', () => {
  let folder: string
  let tarball: string
  /** All that is in it. */
  let files: string[]
  let env: Record<string, string>

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netgen-package-'))
    env = { NET_REGISTRY: join(folder, 'registry') }
    const packed = await runWell('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      cwd: root,
    })
    const [{ filename, files: found }] = JSON.parse(packed) as [{ filename: string; files: { path: string }[] }]
    tarball = join(folder, filename)
    files = found.map(({ path }) => path)
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('does in an empty folder what the README does first', async () => {
    const empty = join(folder, 'empty')
    await mkdir(empty)
    const flags = INSTALL.slice(1).join(' ')
    const install = readmeInstall.replaceAll('npm i ', `npm i ${flags} `).replace(' netgen ', ` ${tarball} `)
    await runWell('sh', ['-c', install], { cwd: empty })
    for (const name of ['schema.ts', 'server.ts', 'caller.ts']) await writeFile(join(empty, name), readReadmeFile(name))
    const [build = '', serve = '', call = ''] = readmeRun.trim().split('\n')
    await runWell('sh', ['-c', build], { cwd: empty })
    const server = spawn('sh', ['-c', `${serve} wait`], {
      cwd: empty,
      env: { ...process.env, ...env },
      detached: true,
      stdio: 'ignore',
    })
    onTestFinished(() => {
      if (server.exitCode === null) process.kill(-(server.pid ?? 0))
    })
    const callOnce = (): Promise<string> => runWell('sh', ['-c', call], { cwd: empty, env })
    await expect.poll(callOnce, { timeout: 20_000 }).toBe('50\n')
  }, 120_000)

  test('holds what was compiled, what it is, and nothing else', async () => {
    const MEANT = /^(?:LICENSE|README\.md|package\.json|dist\/(?:generator|runtime|schemas)\/[\w/-]+(?:\.d\.ts|\.js))$/
    expect(files.filter((path) => !MEANT.test(path))).toEqual([])
    const { exports, bin, publishConfig } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      exports: Record<string, string | Record<string, string>>
      bin: Record<string, string>
      publishConfig: object
    }
    const entries = Object.values(exports).flatMap((entry) =>
      typeof entry === 'string' ? entry : Object.values(entry),
    )
    const paths = [...entries, ...Object.values(bin)].map((path) => path.replace(/^\.\//, ''))
    expect(paths.length).toBeGreaterThan(10)
    expect(paths.filter((path) => !files.includes(path))).toEqual([])
    // npm signs where and from which commit a published package was made.
    expect(publishConfig).toEqual({ access: 'public', provenance: true })
  })

  test('works whole in an empty folder, then without what only building needs', async () => {
    const whole = join(folder, 'whole')
    await mkdir(whole)
    await writeFile(join(whole, 'package.json'), JSON.stringify({ type: 'module' }))
    await runWell('npm', [...INSTALL, tarball], { cwd: whole })
    await writeFile(join(whole, 'schema.ts'), readReadmeFile('schema.ts'))
    await writeFile(join(whole, 'two-peers.ts'), TWO_PEERS)
    await runWell('npx', ['netgen', 'build', 'schema.ts'], { cwd: whole })
    await writeFile(
      join(whole, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: TSC_OPTIONS, files: ['two-peers.ts'] }),
    )
    await runWell(process.execPath, [join(root, 'node_modules/typescript/bin/tsc')], { cwd: whole })
    expect(await runWell(process.execPath, ['dist/two-peers.js'], { cwd: whole, env })).toBe('50\n')

    const thin = join(folder, 'thin')
    await cp(join(whole, 'dist'), join(thin, 'dist'), { recursive: true })
    await cp(join(whole, 'package.json'), join(thin, 'package.json'))
    await runWell('npm', [...INSTALL, '--omit=dev', '--omit=optional'], { cwd: thin })
    expect(await runWell(process.execPath, ['dist/two-peers.js'], { cwd: thin, env })).toBe('50\n')
    const packages = (await readdir(join(thin, 'node_modules'))).filter((name) => !name.startsWith('.'))
    expect(packages).toEqual(['netgen', 'undici', 'ws'])

    await writeFile(
      join(thin, 'traced.mjs'),
      "import('netgen/opentelemetry').catch((error) => console.log(error.message))",
    )
    expect(await runWell(process.execPath, ['traced.mjs'], { cwd: thin })).toBe(
      'the package "@opentelemetry/api" is not installed: run `npm install @opentelemetry/api`\n',
    )

    const refused = await runCommand('npx', ['netgen', 'build', 'schema.ts'], { cwd: thin })
    expect(refused.code).toBe(1)
    expect(refused.stderr.split('\n').filter((line) => line !== '' && !line.startsWith('npm warn'))).toEqual([
      'netgen: the package "esbuild" is not installed, which only building needs: run `npm install --include=optional`, or build where it is installed and ship the generated files',
    ])

    // What is missing is no fault of whoever bundles: nobody there names an engine, or looks at the local network.
    await build({
      entryPoints: [join(thin, 'dist/two-peers.js')],
      outdir: join(thin, 'bundled'),
      bundle: true,
      splitting: true,
      platform: 'node',
      format: 'esm',
      outExtension: { '.js': '.mjs' },
      // Packages of CommonJS ask for Node's modules as those do.
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      logLevel: 'silent',
    })
    await rm(join(thin, 'node_modules'), { recursive: true })
    expect(await runWell(process.execPath, ['bundled/two-peers.mjs'], { cwd: thin, env })).toBe('50\n')
  }, 120_000)

  test('netgen init writes a project whose scripts run two peers', async () => {
    const fresh = join(folder, 'fresh')
    await mkdir(fresh)
    await writeFile(join(fresh, 'package.json'), JSON.stringify({ type: 'module' }))
    await runWell('npm', [...INSTALL, tarball], { cwd: fresh })
    await rm(join(fresh, 'package.json'))
    await runWell('npx', ['netgen', 'init'], { cwd: fresh })
    await runWell('npm', [...INSTALL, tarball], { cwd: fresh })
    await runWell('npm', ['run', 'build'], { cwd: fresh })
    const server = spawn('npm', ['run', '--silent', 'server'], {
      cwd: fresh,
      env: { ...process.env, ...env },
      detached: true,
    })
    const [line] = (await once(server.stdout, 'data')) as [Buffer]
    expect(String(line)).toMatch(/^Peer [0-9a-f]{16} answers on port \d+\. Ctrl\+C ends it\.\n$/)
    expect(await runWell('npm', ['run', '--silent', 'caller'], { cwd: fresh, env })).toMatch(
      /^Hello Ada, this is process \d+\.\n$/,
    )
    // npm and tsx each run a process of their own in between.
    process.kill(-(server.pid ?? 0))
    await once(server, 'exit')
    await runWell('npm', ['run', 'check'], { cwd: fresh })
  }, 120_000)
})
