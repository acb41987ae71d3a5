import { expect, test } from 'vitest'
import { hearAll } from '../../runtime/transport/nats/hear-all.js'
import { FakeEngine } from './fake-engine.js'

test('where one subject may not be heard, none is', async () => {
  const engine = new FakeEngine()
  const heard = new Set<string>()
  engine.subscribe = (subject, _, onRefused?: () => void) => {
    if (subject === 'b') onRefused?.()
    heard.add(subject)
    return () => heard.delete(subject)
  }
  const hear = (...subjects: string[]): Promise<unknown> =>
    hearAll(
      engine,
      subjects.map((subject) => [subject, () => {}] as const),
    )
  await expect(hear('a', 'b', 'c')).rejects.toMatchObject({
    code: 'permission_denied',
    message:
      'the engine does not permit this peer to hear b: permit it to its user; `netgen doctor --group name --permissions` prints all that a group needs',
  })
  expect(heard).toEqual(new Set())
  await hear('a', 'c')
  expect(heard).toEqual(new Set(['a', 'c']))
})
