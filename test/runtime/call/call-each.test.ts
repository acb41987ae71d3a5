import type { RemotePeer } from 'netgen/runtime'
import { afterEach, expect, test } from 'vitest'
import { ConnectedConnection } from '../../../runtime/call/connected-connection.js'
import { createManyRunner } from '../../../runtime/call/create-many-runner.js'
import type { Invoker } from '../../../runtime/call/invoke.js'
import { Deadlines } from '../../../runtime/call/scope/deadlines.js'
import { catchError } from '../behaviour/harness.js'
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
