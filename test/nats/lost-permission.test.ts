import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createPeer, type Logger, netgen, type Peer } from 'netgen/runtime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { silent } from '../runtime/behaviour/harness.js'
import { type NatsServer, prepareNats, startNats } from './nats-server.js'

const problem = prepareNats()

describe.skipIf(problem !== undefined)(problem ?? 'a peer whose permissions change while it runs', () => {
  let folder: string
  let server: NatsServer
  let there: Peer
  let here: Peer
  const lines: string[] = []
  const note = (message: string, { subject = '' }: Readonly<Record<string, unknown>> = {}): void =>
    void lines.push(`${message} ${subject}`)
  const logger: Logger = { debug() {}, info: note, warn: note, error: note }

  /** Where a server reads it that has `include`. */
  async function permit(subscribe: object): Promise<void> {
    const users = [
      { user: 'ann', password: 'ann', permissions: { publish: ['ng.notes.>'], subscribe } },
      { user: 'root', password: 'root' },
    ]
    await writeFile(join(folder, 'users.conf'), `authorization: { users: ${JSON.stringify(users)} }`)
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netgen-permissions-'))
    await permit(['ng.notes.>'])
    server = await startNats(config())
    const start = (user: string, own: Logger): Promise<Peer> =>
      createPeer({
        engine: server.url.replace('//', `//${user}:${user}@`),
        group: 'notes',
        registry: join(folder, 'registry'),
        port: 0,
        logger: own,
      })
    there = await start('ann', logger)
    here = await start('root', silent)
  })
  afterAll(async () => {
    await Promise.all([here.close(), there.close()])
    await server.stop()
    await rm(folder, { recursive: true })
  })

  function config(): string {
    return `include "../${basename(folder)}/users.conf"`
  }

  function call(): Promise<unknown> {
    return here.connect(netgen).passThrough('tea', { peer: there.id, timeoutMs: 2_000 })
  }

  function answers(): Promise<unknown> {
    return call().catch(() => 'no answer')
  }

  test('says that it is deaf, and hears again once it may', async () => {
    expect(await call()).toBe('tea')
    const calls = `ng.notes.p.${there.id}.`
    lines.length = 0
    await permit({ allow: ['ng.notes.>'], deny: [`${calls}>`] })
    server.process.kill('SIGHUP')
    await expect.poll(() => there.describe().engine).toMatch(`may not hear ${calls}`)
    const { host, port } = there.describe()
    const health = await fetch(`http://${host === '127.0.0.1' ? host : 'localhost'}:${port}/netgen/v1/health`)
    expect([health.status, await health.json()]).toMatchObject([
      503,
      { status: 'unreachable', engine: expect.stringContaining('may not hear') },
    ])

    await permit(['ng.notes.>'])
    server.process.kill('SIGHUP')
    await expect.poll(() => there.describe().engine, { timeout: 10_000 }).toBe('up')
    await expect.poll(answers, { timeout: 10_000 }).toBe('tea')
    const lost = 'the engine no longer permits this peer to hear: permit it to its user '
    expect(lines.filter((line) => line === `${lost}${calls}*`)).toHaveLength(1)
    expect(lines).toContain(`the engine permits this peer to hear again ${calls}*`)
  })

  test('hears again after a reconnection to a server that permits it', async () => {
    await permit({ allow: ['ng.notes.>'], deny: [`ng.notes.p.${there.id}.>`] })
    server.process.kill('SIGHUP')
    await expect.poll(() => there.describe().engine).toMatch('may not hear')
    await permit(['ng.notes.>'])
    const { port } = server
    await server.stop()
    await expect.poll(() => there.describe().engine).toMatch(/^down since /)
    server = await startNats(config(), port)
    await expect.poll(() => there.describe().engine, { timeout: 10_000 }).toBe('up')
    await expect.poll(answers, { timeout: 10_000 }).toBe('tea')
  })
})
