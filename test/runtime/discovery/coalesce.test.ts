import { expect, test } from 'vitest'
import { coalesce } from '../../../runtime/discovery/coalesce.js'

/** Runs that end when the test says so, in their order. */
function createRuns() {
  const begun: { resolve: () => void; reject: (error: Error) => void }[] = []
  let running = 0
  let most = 0
  const run = coalesce(async () => {
    most = Math.max(most, ++running)
    try {
      await new Promise<void>((resolve, reject) => begun.push({ resolve, reject }))
    } finally {
      running--
    }
  })
  return { run, begun, most: () => most }
}

/** Lets everything go on that only waits for promises. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('whoever comes while it runs shares the next run, which is after what they came for', async () => {
  const { run, begun, most } = createRuns()
  const first = run()
  const [second, third] = [run(), run()]
  expect(begun).toHaveLength(1)
  begun[0]?.resolve()
  await first
  const fourth = run()
  await settle()
  expect(begun).toHaveLength(2)
  begun[1]?.resolve()
  await Promise.all([second, third])
  await settle()
  begun[2]?.resolve()
  await fourth
  expect(most()).toBe(1)
})

test('a run that fails is the failure of those who shared it, and of nobody else', async () => {
  const { run, begun } = createRuns()
  const first = run()
  const second = run()
  begun[0]?.reject(new Error('no folder'))
  await expect(first).rejects.toThrow('no folder')
  await settle()
  begun[1]?.resolve()
  await second
})
