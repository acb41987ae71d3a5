import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPeer, type Peer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SchemaStub, schema } from '../../../fixtures/behaviour/generated/schema.js'
import { silent } from '../../runtime/behaviour/harness.js'
import { findPort } from '../find-port.js'
import { readJournal, startJournaled } from './start-journaled.js'

/** `npm run soak` makes more of them. */
const ROUNDS = Number(process.env['NETGEN_SOAK_KILLS'] ?? 20)
const CALLS = 256

/** What each call is given, in milliseconds, and how much later it may be told. */
const TIMEOUT_MS = 5_000
const LATE_MS = 1_000

/** Within which time a caller works again when its server is back, in milliseconds. */
const BACK_MS = 1_000

/** What became of one call. */
interface Outcome {
  readonly id: string
  readonly isIdempotent: boolean
  readonly code: string
  readonly maybeExecuted: boolean
  readonly tookMs: number
}

let registry: string
let journal: string
let port: number
let server: ChildProcess
let here: Peer
let stub: SchemaStub

beforeEach(async () => {
  registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
  journal = join(registry, 'journal')
  await writeFile(journal, '')
  port = await findPort()
  await startServer()
})
afterEach(async () => {
  await here.close()
  server.kill('SIGKILL')
  await rm(registry, { recursive: true })
})

async function startServer(): Promise<void> {
  server = await startJournaled({ registry, port, journal })
}

async function killServer(): Promise<void> {
  server.kill('SIGKILL')
  await once(server, 'exit')
}

/** Of each two calls one may run twice. */
function call(round: number, index: number, onAnswer: () => void): Promise<Outcome> {
  const id = `${round}/${index}`
  const isIdempotent = index % 2 === 0
  const options = { peer: `127.0.0.1:${port}`, timeoutMs: TIMEOUT_MS }
  const beganAtMs = performance.now()
  const answer: Promise<unknown> = isIdempotent ? stub.put({ name: 'a', text: id }, options) : stub.echo(id, options)
  const end = (code: string, maybeExecuted: boolean): Outcome => {
    onAnswer()
    return { id, isIdempotent, code, maybeExecuted, tookMs: performance.now() - beganAtMs }
  }
  return answer.then(
    (value) => end(value === id ? 'ok' : `another's: ${String(value)}`, true),
    (error: { code: string; maybeExecuted: boolean }) => end(error.code, error.maybeExecuted),
  )
}

/** Kills the server in the midst of the calls of one round, and starts it again; what became of them, and after which time it works. */
async function runRound(round: number): Promise<{ outcomes: readonly Outcome[]; backAfterMs: number }> {
  // Sooner or later in each round: before anything is answered, or when most of it is.
  const wanted = Math.floor((round / ROUNDS) * CALLS)
  let answered = 0
  const calls: Promise<Outcome>[] = []
  await new Promise<void>((resolve) => {
    const count = (): void => {
      if (answered++ === wanted) resolve()
    }
    for (let index = 0; index < CALLS; index++) calls.push(call(round, index, count))
    setImmediate(count)
  })
  await killServer()
  await startServer()
  const beganAtMs = performance.now()
  const address = `127.0.0.1:${port}`
  await expect
    .poll(() => stub.add({ left: 1, right: 2 }, { peer: address, timeoutMs: BACK_MS }).catch(String), {
      timeout: 10_000,
      interval: 10,
    })
    .toBe(3)
  return { outcomes: await Promise.all(calls), backAfterMs: performance.now() - beganAtMs }
}

describe(`a server that is killed in the midst of ${CALLS} calls, ${ROUNDS} times`, () => {
  // Other processes of the machine hold up all of this: where that is too much for any measurement, it is measured again.
  test.each(['session', 'http'] as const)(
    'each call ends in time and says what is true, none runs twice that may not, and the next one works: over %s',
    { retry: 2, timeout: 60_000 + ROUNDS * 10_000 },
    async (transport) => {
      here = await createPeer({ registry, port: 0, logger: silent, transport })
      stub = here.connect(schema)
      const outcomes: Outcome[] = []
      const backAfterMs: number[] = []
      for (let round = 0; round < ROUNDS; round++) {
        const seen = await runRound(round)
        outcomes.push(...seen.outcomes)
        backAfterMs.push(seen.backAfterMs)
      }
      const runs = await readJournal(journal)
      const ranOf = ({ id }: Outcome): number => runs.get(id) ?? 0
      const faults = {
        late: outcomes.filter(({ tookMs }) => tookMs > TIMEOUT_MS + LATE_MS),
        untyped: outcomes.filter(({ code }) => !['ok', 'unavailable', 'deadline_exceeded'].includes(code)),
        ranTwice: outcomes.filter((outcome) => !outcome.isIdempotent && ranOf(outcome) > 1),
        answeredUnrun: outcomes.filter((outcome) => outcome.code === 'ok' && ranOf(outcome) === 0),
        ranThoughNot: outcomes.filter((outcome) => !outcome.maybeExecuted && ranOf(outcome) > 0),
        slowToReturn: backAfterMs.filter((tookMs) => tookMs > BACK_MS),
      }
      expect(outcomes).toHaveLength(ROUNDS * CALLS)
      expect(faults).toEqual({
        late: [],
        untyped: [],
        ranTwice: [],
        answeredUnrun: [],
        ranThoughNot: [],
        slowToReturn: [],
      })
      // Otherwise nothing was in the midst of anything.
      const codes = new Set(outcomes.map(({ code, isIdempotent }) => `${code} ${isIdempotent}`))
      expect(codes).toContain('ok true')
      expect(codes).toContain('ok false')
      expect(codes).toContain('unavailable false')
    },
  )
})
