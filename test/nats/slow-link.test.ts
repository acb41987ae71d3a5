import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPeer, netgen, type Peer } from 'netgen/runtime'
import { describe, expect, test } from 'vitest'
import { silent } from '../runtime/behaviour/harness.js'
import { createBrokenLine } from './broken-line.js'
import { prepareNats, startNats } from './nats-server.js'

const problem = prepareNats()

describe.skipIf(problem !== undefined)(problem ?? 'an engine behind a slow link', () => {
  test('is there while 4 s of inputs are on their way to it: each call is answered', async () => {
    const registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    const server = await startNats()
    const line = await createBrokenLine(server.port, 2_000_000)
    const start = (engine: string): Promise<Peer> => createPeer({ engine, registry, port: 0, logger: silent })
    const [there, here] = await Promise.all([start(server.url), start(line.url)])
    await expect.poll(async () => (await here.peers()).length).toBe(1)
    const { passThrough } = here.connect(netgen)
    const text = 'x'.repeat(950_000)
    const answers = Array.from({ length: 8 }, () =>
      passThrough(text, { peer: there.id, timeoutMs: 20_000, retryMs: 0 }),
    )
    expect(new Set(await Promise.all(answers))).toEqual(new Set([text]))
    await Promise.all([here.close(), there.close()])
    await line.close()
    await server.stop()
    await rm(registry, { recursive: true })
  }, 60_000)
})
