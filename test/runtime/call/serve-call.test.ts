import type { Peer } from 'netgen/runtime'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { Connections } from '../../../runtime/call/connections.js'
import { ErrorPolicy } from '../../../runtime/call/error-policy.js'
import { Deadlines } from '../../../runtime/call/scope/deadlines.js'
import { Service } from '../../../runtime/call/serve-call.js'
import { silent } from '../behaviour/harness.js'
import { describeConnection, describeSchema } from './descriptors.js'

const deadlines = new Deadlines()
afterEach(() => deadlines.close())

/** A peer's service with one connection, `notes.save`, which takes and answers nothing. */
function createService(save: () => unknown): Service {
  const connections = new Connections()
  const checks = { input: null, output: null, errors: {}, jsonSchemas: '{}' }
  const descriptor = describeConnection('save', { input: 'none', output: 'none', load: () => Promise.resolve(checks) })
  connections.add(describeSchema('notes', [descriptor]), { save })
  return new Service({
    peer: { id: 'self' } as Peer,
    label: () => 'notes@127.0.0.1:3010',
    isStarting: () => false,
    connections,
    deadlines,
    logger: silent,
    errorPolicy: new ErrorPolicy({ group: 'notes', root: '/app', logger: silent }),
    maxTimeoutMs: 1_000,
    maxInFlight: 2,
  })
}

const call = { tag: 'notes.save', input: { value: null } }

describe('a service that is closing', () => {
  test('refuses the calls of others, and takes those of its own handlers', async () => {
    const service = createService(() => {})
    await service.leave()
    expect(await service.serve(call).answer).toMatchObject({
      ok: false,
      error: {
        code: 'unavailable',
        maybeExecuted: false,
        message: 'notes@127.0.0.1:3010 refuses notes.save: it is closing, call another peer',
      },
    })
    const own = { ...call, caller: { id: 'self', group: 'notes' } }
    expect(await service.serve(own).answer).toMatchObject({ ok: true })
  })

  test('is done when the last call has been answered', async () => {
    let resolve = (): void => {}
    const promise = new Promise<void>((done) => {
      resolve = done
    })
    const service = createService(() => promise)
    const answer = service.serve(call).answer
    const idle = vi.fn()
    void service.leave().then(idle)
    await new Promise((done) => setImmediate(done))
    expect(idle).not.toHaveBeenCalled()
    resolve()
    expect(await answer).toEqual({ ok: true, body: 'null' })
    await expect.poll(() => idle.mock.calls.length).toBe(1)
  })
})
