import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { prepareNats } from '../nats-server.js'
import { DurableProcesses } from './durable-processes.js'
import { startJetStream } from './jetstream-server.js'

const problem = prepareNats()

/** `npm run soak` makes more of them. */
const EVENTS = Number(process.env['NETGEN_SOAK_EVENTS'] ?? 50_000)
const ROUNDS = Number(process.env['NETGEN_SOAK_ROUNDS'] ?? 6)

/** What was handled so long before a kill may be handled again, in milliseconds: the server has not written down yet that it is done. */
const UNWRITTEN_MS = 1_000

describe.skipIf(problem !== undefined)(problem ?? 'durable events under load', () => {
  test('are all handled whoever is killed: publisher, subscribers and server', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'netgen-kills-'))
    const server = await startJetStream()
    const processes = new DurableProcesses(folder, { ENGINE: server.url })
    const growTo = (count: number): Promise<void> =>
      expect.poll(() => processes.countAcknowledged(), { timeout: 60_000, interval: 100 }).toBeGreaterThanOrEqual(count)
    /** From the kill of a subscriber, or of the server, until it is at work again. */
    const outages: { fromMs: number; toMs: number }[] = []
    const suffer = async (kill: () => Promise<void>): Promise<void> => {
      const fromMs = Date.now()
      await kill()
      outages.push({ fromMs, toMs: Date.now() })
    }
    const victims: (() => Promise<void>)[] = [
      async () => {
        await processes.kill('publisher')
        await processes.start('publisher')
      },
      () => suffer(() => server.restart()),
      () =>
        suffer(async () => {
          await processes.kill('work', 1)
          await processes.start('work', 1)
        }),
      () =>
        suffer(async () => {
          await processes.kill('ledger')
          await processes.start('ledger')
        }),
    ]
    try {
      await Promise.all([processes.start('work', 1), processes.start('work', 2), processes.start('ledger')])
      await processes.start('publisher')
      for (let round = 0; round < ROUNDS; round++) {
        await growTo(Math.floor((EVENTS * (round + 1)) / (ROUNDS + 1)))
        await Promise.all([victims[round % 4]?.(), round % 2 === 0 && victims[(round + 3) % 4]?.()])
      }
      await growTo(EVENTS)
      expect(await processes.end('publisher')).toBe(0)
      await expect.poll(() => processes.balance().lost.length, { timeout: 60_000, interval: 500 }).toBe(0)
      const balance = processes.balance()
      console.log(`${balance.acknowledged} acknowledged, ${balance.duplicates} handled twice, ${ROUNDS} rounds`)
      expect(balance.acknowledged).toBeGreaterThanOrEqual(EVENTS)
      expect(balance.isOrdered).toBe(true)
      const documented = outages.map(({ fromMs, toMs }) =>
        balance.handledMs.filter((atMs) => atMs > fromMs - UNWRITTEN_MS && atMs < toMs),
      )
      expect(balance.duplicates).toBeLessThanOrEqual(documented.flat().length)
      expect(await Promise.all([processes.end('work', 1), processes.end('work', 2), processes.end('ledger')])).toEqual([
        0, 0, 0,
      ])
    } finally {
      processes.killAll()
      await server.stop()
      await rm(folder, { recursive: true })
    }
  }, 300_000)
})
