import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPeer, type Peer } from 'netgen/runtime'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { schema } from '../../../fixtures/behaviour/generated/schema.js'
import { silent } from '../../runtime/behaviour/harness.js'
import { findPort } from '../find-port.js'
import { startJournaled } from './start-journaled.js'

/** How long the server's process is stopped, in milliseconds. */
const STOPPED_MS = 5_000

/** How many calls are made meanwhile by each caller, and how many milliseconds the longest of them has. */
const CALLS = 100
const LONGEST_MS = 4_000

/** How much later than its deadline a call may end here, in milliseconds. */
const LATE_MS = 1_000

let registry: string
let server: ChildProcess
let port: number
let session: Peer
let http: Peer

beforeEach(async () => {
  registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
  port = await findPort()
  server = await startJournaled({ registry, port, journal: join(registry, 'journal') })
  session = await createPeer({ registry, port: 0, logger: silent })
  http = await createPeer({ registry, port: 0, logger: silent, transport: 'http' })
})
afterEach(async () => {
  await Promise.all([session.close(), http.close()])
  server.kill('SIGKILL')
  await rm(registry, { recursive: true })
})

// Other processes of the machine hold up all of this: where that is too much for any measurement, it is measured again.
test(`a server that is stopped for ${STOPPED_MS} ms: calls end at their deadlines, and answers that come later are dropped and counted`, {
  retry: 2,
}, async () => {
  const callers = [session, http].map((caller) => caller.connect(schema))
  const [peer] = await session.peers({ groups: 'default' })
  if (peer === undefined) throw new Error('expected the server to be found')
  for (const { add } of callers) expect(await add({ left: 1, right: 2 }, { peer })).toBe(3)

  server.kill('SIGSTOP')
  const stoppedAtMs = performance.now()
  const outcomes = callers.flatMap(({ add }) =>
    Array.from({ length: CALLS }, async (_, index) => {
      const timeoutMs = Math.ceil(((index + 1) / CALLS) * LONGEST_MS)
      const beganAtMs = performance.now()
      const code = await add({ left: index, right: 0 }, { peer, timeoutMs }).then(
        () => 'ok',
        (error: { code: string }) => error.code,
      )
      return { code, isLate: performance.now() - beganAtMs > timeoutMs + LATE_MS }
    }),
  )
  const ended = await Promise.all(outcomes)
  expect(ended).toEqual(ended.map(() => ({ code: 'deadline_exceeded', isLate: false })))
  expect([session.lateAnswers, http.lateAnswers]).toEqual([0, 0])
  await sleep(STOPPED_MS - (performance.now() - stoppedAtMs))
  server.kill('SIGCONT')

  // Each is answered with its own sum, and not with one of before.
  for (const { add } of callers) {
    const sums = await Promise.all(
      Array.from({ length: CALLS }, (_, index) => add({ left: index, right: 1_000 }, { peer })),
    )
    expect(sums).toEqual(sums.map((_, index) => index + 1_000))
  }
  // Those came before: answers keep their order where calls do.
  expect(session.lateAnswers).toBeGreaterThan(0)
  expect(session.lateAnswers).toBeLessThanOrEqual(CALLS)
  // A request takes its connection with it when it ends: nothing can come any more.
  expect(http.lateAnswers).toBe(0)
})
