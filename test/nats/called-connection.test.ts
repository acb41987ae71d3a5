import { expect, test } from 'vitest'
import { CalledConnection } from '../../runtime/transport/nats/calls/called-connection.js'
import { CallerInbox } from '../../runtime/transport/nats/calls/caller-inbox.js'
import { FakeEngine } from './fake-engine.js'

const CALLER = { id: 'ann', group: 'notes' }

test.each([
  ['calls', (engine: FakeEngine) => new CalledConnection(engine, 'tag', 'there', 'here.', () => true)],
  ['answers', (engine: FakeEngine) => new CallerInbox(engine, 'here.', CALLER)],
])('the first of many %s leave while the others are written', async (_what, create) => {
  const engine = new FakeEngine()
  const writer = create(engine)
  for (let line = 0; line < 16; line++) writer.write('x'.repeat(99))
  expect([engine.published.length, engine.sentNow]).toEqual([2, 2])
  writer.write('last')
  await new Promise((resolve) => process.nextTick(resolve))
  expect([engine.published.length, engine.sentNow]).toEqual([3, 2])
})
