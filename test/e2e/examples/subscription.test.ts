import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const folder = fileURLToPath(new URL('../../../fixtures/subscription', import.meta.url))

/** One process of the café, and what it has printed. */
interface Worker {
  readonly process: ChildProcess
  readonly lines: string[]
}

describe('row 75: a café, of a kitchen as its hub and two waiters, each in a process of its own', () => {
  let registry: string
  let workers: Worker[]

  beforeEach(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-cafe-'))
    workers = []
  })
  afterEach(async () => {
    for (const { process: worker } of workers) {
      if (worker.exitCode !== null || worker.signalCode !== null) continue
      worker.kill('SIGKILL')
      await once(worker, 'exit')
    }
    await rm(registry, { recursive: true })
  })

  const start = (file: string, ...args: string[]): Worker => {
    const env = { ...process.env, NET_REGISTRY: registry }
    const worker = spawn(process.execPath, ['--import', 'tsx', file, ...args], { cwd: folder, env })
    const lines: string[] = []
    for (const stream of [worker.stdout, worker.stderr]) {
      let rest = ''
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        const parts = (rest + chunk).split('\n')
        rest = parts.pop() ?? ''
        lines.push(...parts)
      })
    }
    workers.push({ process: worker, lines })
    return { process: worker, lines }
  }
  const expectLine = (worker: Worker, line: string): Promise<void> =>
    expect.poll(() => worker.lines, { timeout: 20_000 }).toContain(line)
  const order = (waiter: Worker, dish: string): void => void waiter.process.stdin?.write(`${dish}\n`)
  /** Orders until a kitchen hears of it: it may just be opening. */
  const orderWell = async (waiter: Worker, dish: string): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      order(waiter, `${dish} ${attempt}`)
      await expect.poll(() => waiter.lines.some((line) => line.startsWith(`${dish} ${attempt} is known`))).toBe(true)
      if (waiter.lines.includes(`${dish} ${attempt} is known to 1 kitchen`)) return
      expect(attempt).toBeLessThan(100)
    }
  }
  const openCafe = async (): Promise<{ ada: Worker; bob: Worker; kitchen: Worker }> => {
    const [ada, bob] = [start('waiter.ts', 'Ada'), start('waiter.ts', 'Bob')]
    await Promise.all([expectLine(ada, 'at work'), expectLine(bob, 'at work')])
    // The hub starts last, and reaches both all the same.
    const kitchen = start('kitchen.ts')
    await expectLine(kitchen, 'open, with 2 waiters')
    await orderWell(ada, 'salt')
    await orderWell(bob, 'pepper')
    for (const waiter of [ada, bob]) {
      await expect
        .poll(() => waiter.lines.some((line) => line.startsWith('pepper') && line.endsWith('ready')))
        .toBe(true)
    }
    return { ada, bob, kitchen }
  }

  test('row 64: everyone hears of every order, though the hub has started last; and all of them end in order', async () => {
    const { ada, bob, kitchen } = await openCafe()
    order(ada, 'tea')
    await expectLine(kitchen, 'preparing tea for Ada')
    for (const waiter of [ada, bob]) await expectLine(waiter, 'tea of Ada is ready')
    kitchen.process.kill('SIGTERM')
    expect(await once(kitchen.process, 'exit')).toEqual([0, null])
    for (const { process: waiter } of [ada, bob]) {
      waiter.stdin?.end()
      expect(await once(waiter, 'exit')).toEqual([0, null])
    }
    expect([...ada.lines, ...bob.lines].filter((line) => line.startsWith('missed'))).toEqual([])
  }, 60_000)

  test('row 70: a kitchen that is killed is forgotten, and the next one is heard', async () => {
    const { ada, bob, kitchen } = await openCafe()
    kitchen.process.kill('SIGKILL')
    await once(kitchen.process, 'exit')
    await expect
      .poll(() => {
        order(ada, 'soup')
        return ada.lines.includes('soup is known to 0 kitchens')
      })
      .toBe(true)
    const next = start('kitchen.ts')
    await expectLine(next, 'open, with 2 waiters')
    await orderWell(bob, 'cake')
    await expect
      .poll(() => ada.lines.some((line) => line.startsWith('cake') && line.endsWith('of Bob is ready')), {
        timeout: 20_000,
      })
      .toBe(true)
  }, 60_000)

  test('row 68: a waiter that is stopped holds up nobody, and hears all of it when it goes on', async () => {
    const { ada, bob } = await openCafe()
    bob.process.kill('SIGSTOP')
    const dishes = Array.from({ length: 50 }, (_, index) => `dish ${index}`)
    for (const dish of dishes) order(ada, dish)
    for (const dish of dishes) await expectLine(ada, `${dish} of Ada is ready`)
    expect(bob.lines.filter((line) => line.startsWith('dish'))).toEqual([])
    bob.process.kill('SIGCONT')
    await expectLine(bob, 'dish 49 of Ada is ready')
    expect(bob.lines.filter((line) => line.startsWith('dish'))).toEqual(dishes.map((dish) => `${dish} of Ada is ready`))
    expect(bob.lines.filter((line) => line.startsWith('missed'))).toEqual([])
  }, 60_000)
})
