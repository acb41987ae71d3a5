import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bundleProgram } from '../bundle-program.js'
import { findPort } from '../find-port.js'
import type { DeadlineReport, DeadlineTask } from './deadline-caller.js'

/** `npm run soak` makes more of them. */
const CALLS = Number(process.env['NETGEN_SOAK_DEADLINES'] ?? 10_000)

/** How late calls may end, all but one in a hundred and the last of them, in milliseconds. */
const P99_LATE_MS = 20
const MAX_LATE_MS = 100

/** How long the server that dies lives, in milliseconds. */
const LIFE_MS = 1_500

let registry: string
let processes: ChildProcess[]

beforeEach(async () => {
  registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
  processes = []
})
afterEach(async () => {
  for (const child of processes) child.kill('SIGKILL')
  await rm(registry, { recursive: true })
})

/** Starts a program of this folder. Resolves when it is ready. */
async function start(program: string, env: Record<string, string> = {}): Promise<ChildProcess> {
  const child = fork(await bundleProgram(new URL(`./${program}.ts`, import.meta.url)), {
    env: { ...process.env, NET_REGISTRY: registry, ...env },
  })
  processes.push(child)
  await once(child, 'message')
  return child
}

async function ask<Answer>(child: ChildProcess, task: DeadlineTask | 'tell' = 'tell'): Promise<Answer> {
  child.send(task)
  const [answer] = (await once(child, 'message')) as [Answer]
  return answer
}

/** A server that is killed, and started again, until the signal fires. */
async function dieAgainAndAgain(port: number, { signal }: AbortController): Promise<void> {
  while (!signal.aborted) {
    const server = await start('deadline-server', { PORTS: `${port}` })
    await sleep(LIFE_MS)
    server.kill('SIGKILL')
    await once(server, 'exit')
  }
}

function summarise(lateMs: readonly number[]): { p99: number; max: number } {
  const sorted = [...lateMs].sort((left, right) => left - right)
  return { p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0, max: sorted.at(-1) ?? 0 }
}

describe(`${CALLS} deadlines between 1 and 1,000 ms`, () => {
  // Where the machine has too much else to do, everything is measured once more.
  test('calls end in time, whatever becomes of handlers, and leave nothing', {
    retry: 2,
    timeout: 60_000 + CALLS * 10,
  }, async () => {
    const ports = { fast: await findPort(), slow: await findPort(), silent: await findPort(), dying: await findPort() }
    const { fast, slow, silent, dying } = ports
    const server = await start('deadline-server', { PORTS: `${fast},${slow},${silent}` })
    const caller = await start('deadline-caller')
    const end = new AbortController()
    const dead = dieAgainAndAgain(dying, end)
    const { lateMs, ends, left } = await ask<DeadlineReport>(caller, { ports, calls: CALLS })
    end.abort()
    await dead
    const found = summarise(lateMs)
    console.info(
      `deadlines: ${lateMs.length} calls, late by ${found.p99.toFixed(1)} ms at p99, ${found.max.toFixed(1)} ms at most`,
    )
    expect(lateMs).toHaveLength(CALLS)
    expect(found).toEqual({
      p99: expect.toSatisfy((late: number) => late <= P99_LATE_MS),
      max: expect.toSatisfy((late: number) => late <= MAX_LATE_MS),
    })
    // A handler that never answers has nothing but its deadline; the others were what they are called.
    expect(ends['silent deadline_exceeded']).toBe(CALLS / 4)
    expect(Object.keys(ends)).toEqual(
      expect.arrayContaining(['fast ok', 'slow ok', 'slow deadline_exceeded', 'dying ok']),
    )
    expect(left).toBe(0)
    await expect.poll(() => ask<number>(server)).toBe(0)
  })
})
