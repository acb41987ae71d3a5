import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { RemotePeer } from 'netgen/runtime'
import { afterEach, expect, test } from 'vitest'
import { ConnectedConnection } from '../../../runtime/call/connected-connection.js'
import { createManyRunner } from '../../../runtime/call/create-many-runner.js'
import type { Invoker } from '../../../runtime/call/invoke.js'
import { Deadlines } from '../../../runtime/call/scope/deadlines.js'
import { catchError } from '../behaviour/harness.js'
import { createPeer } from '../discovery/fake-provider.js'
import { describeConnection } from './descriptors.js'

const deadlines = new Deadlines()
afterEach(() => deadlines.close())

const connection = new ConnectedConnection(describeConnection('save', { input: 'none', output: 'none' }))
const site = { stack: '' }

/** Calls to many peers, which are never found. */
const runner = createManyRunner({
  // Nobody is ever called.
  invoker: { explain: (thrown: unknown) => thrown } as Partial<Invoker> as Invoker,
  deadlines,
  peers: () => new Promise<RemotePeer[]>(() => {}),
  timeoutMs: 30_000,
  concurrency: 4,
})

test.each(['all', 'first', 'quorum'] as const)(
  '.%s gives looking for the peers up in time, and when it is canceled',
  async (form) => {
    const call = (options: object): Promise<Error & Record<string, unknown>> =>
      catchError(runner[form](connection, [{ ...options, ...(form === 'quorum' && { count: 2 }) }], site))
    expect(await call({ timeoutMs: 20 })).toMatchObject({
      code: 'deadline_exceeded',
      maybeExecuted: false,
      message: `${connection.tag} took longer than 20 ms: raise timeoutMs, or have it answer sooner`,
    })
    const controller = new AbortController()
    const canceled = call({ signal: controller.signal })
    const reason = new Error('changed my mind')
    controller.abort(reason)
    const want = { code: 'canceled', maybeExecuted: false, message: `${connection.tag} was canceled by its caller` }
    expect(await canceled).toMatchObject({ ...want, cause: reason })
    expect(await call({ signal: controller.signal })).toMatchObject({ ...want, cause: reason })
  },
)

/** Calls to three peers, each of which is done with what a test says. */
function createRunner(one: (args: readonly unknown[]) => Promise<unknown>): ReturnType<typeof createManyRunner> {
  return createManyRunner({
    invoker: { explain: (thrown: unknown) => thrown, one: (_, args) => one(args) } as Partial<Invoker> as Invoker,
    deadlines,
    peers: async () => ['a', 'b', 'c'].map((id) => createPeer(id)),
    timeoutMs: 30_000,
    concurrency: 4,
  })
}

const readSignal = ([options]: readonly unknown[]): AbortSignal => (options as { signal: AbortSignal }).signal

test('.first cancels the calls to all peers with the reason of the signal that was given', async () => {
  const reasons: unknown[] = []
  const { first } = createRunner(
    (args) =>
      new Promise((_, reject) => {
        const signal = readSignal(args)
        signal.addEventListener('abort', () => {
          reasons.push(signal.reason)
          reject(signal.reason)
        })
      }),
  )
  const controller = new AbortController()
  const canceled = catchError(first(connection, [{ signal: controller.signal }], site))
  await new Promise((resolve) => setImmediate(resolve))
  const reason = new Error('changed my mind')
  controller.abort(reason)
  expect(await canceled).toMatchObject({ code: 'canceled', cause: reason })
  expect(reasons).toEqual([reason, reason, reason])
})

test('.first leaves nothing behind at a signal that many calls share', async () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const { first } = createRunner(() => Promise.resolve(1))
  const { signal } = new AbortController()
  const call = async (times: number): Promise<number> => {
    for (let index = 0; index < times; index++) await first(connection, [{ signal }], site)
    // What is referred to weakly stays until the end of a turn.
    await new Promise((resolve) => setImmediate(resolve))
    collectGarbage()
    return process.memoryUsage().heapUsed
  }
  const beforeBytes = await call(1_000)
  // A reference that is kept of each call of each peer takes 60 bytes.
  expect((await call(20_000)) - beforeBytes).toBeLessThan(1_500_000)
})
