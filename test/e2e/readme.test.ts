import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPeer } from 'netgen/runtime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startJetStream } from '../nats/durable/jetstream-server.js'
import { prepareNats } from '../nats/nats-server.js'
import { silent } from '../runtime/behaviour/harness.js'
import { readmeCurls, readmeFiles, readmeMistakes, readReadmeFile } from './readme-blocks.js'
import { runWell } from './run-command.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

const noNats = prepareNats()

const TSCONFIG = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023', 'esnext.disposable'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: true,
    verbatimModuleSyntax: true,
    skipLibCheck: false,
    noEmit: true,
  },
}

describe('the code of the README', () => {
  let folder: string
  let registry: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netgen-readme-'))
    registry = join(folder, 'registry')
    await mkdir(join(folder, 'node_modules/@types'), { recursive: true })
    await symlink(root, join(folder, 'node_modules/netgen'))
    for (const name of ['tsx', '@types/node', 'typescript', 'fast-check', '@opentelemetry']) {
      await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name))
    }
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG))
    for (const [name, code] of readmeFiles) await writeFile(join(folder, name), code)
    await runWell(
      process.execPath,
      [
        join(root, 'dist/generator/cli/main.js'),
        'build',
        'schema.ts',
        'orders.ts',
        'log.ts',
        'quota.ts',
        'news.ts',
        'billing.ts',
      ],
      {
        cwd: folder,
      },
    )
  })
  afterAll(() => rm(folder, { recursive: true }))

  const run = (file: string): Promise<string> =>
    runWell(process.execPath, ['--import', 'tsx', file], { cwd: folder, env: { NET_REGISTRY: registry } })

  async function whileServing(use: () => Promise<void>, file = 'server.ts'): Promise<void> {
    const env = { ...process.env, NET_REGISTRY: registry }
    const server: ChildProcess = spawn(process.execPath, ['--import', 'tsx', file], { cwd: folder, env })
    const observer = await createPeer({ registry, logger: silent })
    await expect.poll(() => observer.peers(), { timeout: 10_000 }).toHaveLength(1)
    await observer.close()
    await use()
    server.kill()
    await once(server, 'exit')
  }

  test('has at most 16 lines of the user for a call between two processes', () => {
    const lines = ['schema.ts', 'server.ts', 'caller.ts'].flatMap((name) => readReadmeFile(name).split('\n'))
    expect(lines.filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(16)
  })

  test('compiles at its strictest', async () => {
    await runWell(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.'], { cwd: folder })
  })

  test('makes a call between two processes', async () => {
    await whileServing(async () => expect(await run('caller.ts')).toBe('50\n'))
  })

  test('ends a server with SIGTERM', async () => {
    const env = { ...process.env, NET_REGISTRY: registry, PORT: '0' }
    const server: ChildProcess = spawn(process.execPath, ['--import', 'tsx', 'closing.ts'], { cwd: folder, env })
    const observer = await createPeer({ registry, logger: silent })
    await expect.poll(() => observer.peers(), { timeout: 10_000 }).toHaveLength(1)
    server.kill('SIGTERM')
    expect(await once(server, 'exit')).toEqual([0, null])
    await observer.close()
  })

  test('does what it says of calls, interceptors, memory and values', async () => {
    expect(await run('calls.ts')).toBe('')
    expect(await run('choose.ts')).toBe('50\n1\n')
    expect(await run('memory.ts')).toBe('50\n')
    expect(await run('fake.ts')).toBe('')
    expect(await run('disclosure.ts')).toBe('')
    expect(await run('properties.ts')).toBe('')
    expect(await run('shop.ts')).toBe('1999n\n')
    expect(await run('about.ts')).toMatch(/^<netgen\.Peer h:127\.0\.0\.1 p:\d+ g:notes c:4 s:0 f:2>\n1\.2 0\n$/)
    expect(await run('words.ts')).toMatch(/^20\nquota\.countWords of [0-9a-f]{16}\n20\n$/)
    expect(await run('follow.ts')).toBe('3\none tea\n')
    expect(await run('reading.ts')).toMatch(
      /^{ delivered: 1, failed: 0, dropped: 0 }\n1 of default: Tea is served\n(\d+ of default: Tea is gone\n)+$/,
    )
    expect(await run('interceptors.ts')).toBe('for Ada\n50\n')
    expect(await run('traced.ts')).toBe('')
    expect(await run('for-pages.ts')).toBe("[ 'authorization', 'netgen-target' ]\n")
    expect(await run('networked.ts')).toMatch(/^reached at .*:\d+\n$/)
  }, 120_000)

  test.skipIf(noNats !== undefined)('keeps events at an engine as it says', async () => {
    const engine = await startJetStream()
    const env = { NET_REGISTRY: registry, NET_ENGINE: engine.url }
    const printed = await runWell(process.execPath, ['--import', 'tsx', 'accounting.ts'], { cwd: folder, env })
    expect(printed).toBe('1: order 7, 1999 cents, attempt 1\n')
    await engine.stop()
  })

  test.each([
    ['server.ts', 3],
    ['list.ts', 1],
  ])('is called by curl as it says: %s', async (file, count) => {
    const curls = readmeCurls.filter(([server]) => server === file)
    expect(curls).toHaveLength(count)
    await whileServing(async () => {
      const observer = await createPeer({ registry, logger: silent })
      const [server] = await observer.peers()
      await observer.close()
      const netgen = `${process.execPath} ${join(root, 'dist/generator/cli/main.js')}`
      for (const [, command, printed] of curls) {
        const line = command.replaceAll('127.0.0.1:3010', `127.0.0.1:${server?.port}`).replaceAll('npx netgen', netgen)
        const stdout = (await runWell('sh', ['-c', line], { cwd: folder, env: { NET_REGISTRY: registry } })).trimEnd()
        // An ellipsis stands for whatever is left out.
        const want = printed.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        expect(stdout).toMatch(new RegExp(`^${want.join('.*')}$`))
      }
    }, file)
  })

  test.each([
    ['wrong input', "await notes.multiplyValues({ val1: '5' as never, val2: 10 }, { peer: 'PEER' })"],
    [
      'unknown connection',
      "await peer.connect({ ...schema, digest: 'other', connections: schema.connections.map((c) => ({ ...c, tag: 'schema.addValues' })) }).multiplyValues({ val1: 5, val2: 10 }, { peer: 'PEER' })",
    ],
    ['no peer there', "await notes.multiplyValues({ val1: 5, val2: 10 }, { peer: '127.0.0.1:9' })"],
  ])('says what it says for the mistake: %s', async (mistake, call) => {
    await whileServing(async () => {
      const observer = await createPeer({ registry, logger: silent })
      const [server] = await observer.peers()
      await observer.close()
      const lines = readReadmeFile('caller.ts').split('\n').slice(0, 5)
      const code = [...lines, `${call.replace('PEER', `127.0.0.1:${server?.port}`)}.catch(console.error)`].join('\n')
      await writeFile(join(folder, 'mistake.ts'), code.replace('console.error', '(error) => console.log(error)'))
      expect(normalise(await run('mistake.ts'))).toBe(normalise(readmeMistakes.get(mistake) ?? ''))
    })
  })
})

/** Ports, places, causes of the operating system and random waits differ between runs. */
function normalise(text: string): string {
  return text
    .replace(/127\.0\.0\.1:\d+/g, 'ADDRESS')
    .replace(/at (?:async )?(?:\S+ \()?\S*(?:caller|mistake)\.ts:\d+:\d+\)?/g, 'at caller.ts')
    .replace(/after \d+ attempts/, 'after some attempts')
    .replace(/,\n {2}\[cause\][\s\S]*$/, ',\n}')
    .trim()
}
