import type { Peer } from 'netgen/runtime'
import { expect, test } from 'vitest'
import { Connections } from '../../../runtime/call/connections.js'
import { ErrorPolicy } from '../../../runtime/call/error-policy.js'
import { Deadlines } from '../../../runtime/call/scope/deadlines.js'
import { Service } from '../../../runtime/call/serve-call.js'
import { silent } from '../behaviour/harness.js'
import { describeConnection, describeSchema } from './descriptors.js'

test('a handler that rejects after its deadline is logged under the id that the answer had', async () => {
  const logged: unknown[][] = []
  const deadlines = new Deadlines()
  const connections = new Connections()
  let fail: (error: Error) => void = () => expect.fail('the handler has not run')
  const rejectLate = (): Promise<never> =>
    new Promise((_, reject) => {
      fail = reject
    })
  const slow = describeConnection('slow', {
    input: 'none',
    output: 'none',
    load: () => Promise.resolve({ input: null, output: null, errors: {}, jsonSchemas: '{}' }),
  })
  connections.add(describeSchema('notes', [slow]), { slow: rejectLate })
  const logger = { ...silent, warn: (...entry: unknown[]) => logged.push(entry) }
  const service = new Service({
    peer: {} as Peer,
    label: () => 'notes@127.0.0.1:3010',
    isStarting: () => false,
    connections,
    deadlines,
    logger,
    errorPolicy: new ErrorPolicy({ group: 'notes', root: '/app', logger }),
    maxTimeoutMs: 10,
    maxInFlight: 1,
  })
  const answer = await service.serve({ tag: 'notes.slow', input: { value: null } }).answer
  expect(answer).toMatchObject({ ok: false, error: { code: 'deadline_exceeded', errorId: expect.any(String) } })
  const late = new Error('too late')
  fail(late)
  await expect.poll(() => logged).toHaveLength(1)
  const { errorId } = (answer as { error: { errorId: string } }).error
  expect(logged).toEqual([['a handler failed after its call had ended', { errorId, tag: 'notes.slow', error: late }]])
  deadlines.close()
})
