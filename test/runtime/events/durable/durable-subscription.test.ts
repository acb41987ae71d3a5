import { beforeEach, describe, expect, test } from 'vitest'
import type { DeadLetter, DurableEventHandler, DurableSubscribeOptions } from '../../../../runtime/api/durable-event.js'
import { OpenDurableSubscription } from '../../../../runtime/events/durable/durable-subscription.js'
import { readDurableOptions } from '../../../../runtime/events/durable/read-durable-options.js'
import { LEFT } from '../../../../runtime/events/event-iterator.js'
import { silent } from '../../behaviour/harness.js'
import { FakeLog } from './fake-log.js'

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a durable subscription', () => {
  let log: FakeLog

  beforeEach(() => {
    log = new FakeLog()
  })

  function create(
    handler: DurableEventHandler<unknown>,
    options: Partial<DurableSubscribeOptions> = {},
  ): OpenDurableSubscription {
    return new OpenDurableSubscription({
      tag: 'a.b',
      checks: { payload: () => true, jsonSchemas: '' },
      handler,
      settings: readDurableOptions('a.b', { name: 'n', ...options }),
      log,
      group: 'g',
      logger: silent,
      onClose: () => {},
    })
  }

  const fail = (): never => {
    throw new Error('no')
  }

  test.each<[string, number, string[]]>([
    ['for the first time, after the first pause', 1, ['back 1 1000']],
    ['again, after twice the pause before', 3, ['back 1 4000']],
    ['for the last time, by being buried, and only then finished', 5, ['bury 1 no', 'finish 1']],
  ])('gives back what fails %s', async (_, deliveries, said) => {
    await create(fail).open()
    log.deliver(1, deliveries)
    await tick()
    expect(log.said).toEqual(said)
  })

  test.each<[string, unknown, string]>([
    ['a text', 'no', 'no'],
    ['an object without any properties', Object.create(null), '{}'],
    ['an error whose message is none', Object.assign(new Error(), { message: 7 }), '{"message":7}'],
    [
      'an error that throws when it is looked at',
      Object.defineProperty(new Error(), 'message', { get: fail }),
      'an instance of Error',
    ],
  ])('buries what fails with %s', async (_, thrown, reason) => {
    const throwIt = (): never => {
      throw thrown
    }
    await create(throwIt).open()
    log.deliver(1, 5)
    await tick()
    expect(log.said).toEqual([`bury 1 ${reason}`, 'finish 1'])
  })

  test('never waits for longer than five minutes', async () => {
    await create(fail, { maxDeliveries: Number.POSITIVE_INFINITY }).open()
    log.deliver(1, 40)
    await tick()
    expect(log.said).toEqual(['back 1 300000'])
  })

  test('hands an event to a handler that was delivered often without failing, and not without end', async () => {
    const got: unknown[] = []
    await create((payload) => void got.push(payload)).open()
    log.deliver(1, 20)
    log.deliver(2, 21)
    await tick()
    expect(got).toEqual([1])
    expect(log.said).toEqual([
      'finish 1',
      'bury 2 it never came back: the process of each handler ended before',
      'finish 2',
    ])
  })

  test('keeps an event that cannot be buried', async () => {
    const letters: DeadLetter[] = []
    await create(fail, { maxDeliveries: 1, backoffMs: 0, onDeadLetter: (letter) => void letters.push(letter) }).open()
    log.burialFailures.push(new Error('full'))
    log.deliver(1, 1)
    await tick()
    expect([log.said, letters]).toEqual([['back 1 1000'], []])
    log.deliver(1, 2)
    await tick()
    expect(log.said.slice(1)).toEqual(['bury 1 no', 'finish 1'])
    expect(letters).toMatchObject([{ id: 'id-1', payload: 1, deliveries: 2, error: new Error('no') }])
  })

  test('handles one after the other, as many at once as it may, whether they fail or not', async () => {
    const going: (() => void)[] = []
    await create(() => new Promise<void>((resolve) => going.push(resolve)), { concurrency: 2 }).open()
    for (const sequence of [1, 2, 3, 4]) log.deliver(sequence)
    expect(going).toHaveLength(2)
    going[1]?.()
    await tick()
    expect([going.length, log.said]).toEqual([3, ['finish 2']])
  })

  test('gives back what no handler has when it is closed, and waits for those that run', async () => {
    let finish = (): void => {}
    const subscription = create(() => new Promise<void>((resolve) => (finish = resolve)))
    await subscription.open()
    log.deliver(1)
    log.deliver(2)
    const closing = subscription.close()
    log.deliver(3)
    await tick()
    expect(log.said).toEqual(['back 2 0', 'stop', 'back 3 0'])
    finish()
    await closing
    expect(log.said.slice(3)).toEqual(['finish 1', 'close'])
  })

  test('that is closed while it is opened leaves nothing open', async () => {
    let open = (): void => {}
    log.opening = new Promise((resolve) => {
      open = resolve
    })
    const subscription = create(() => {})
    const opening = subscription.open()
    const closing = subscription.close()
    open()
    await expect(opening).rejects.toThrow('the subscription "n" to a.b was closed while it was opened')
    await closing
    expect(log.said).toEqual(['stop', 'close'])
  })

  test('ends where the log forgets it, and has the log forget it', async () => {
    const subscription = create(() => {})
    await subscription.open()
    log.listener?.onForgotten()
    await subscription.forget()
    expect(log.said).toEqual(['stop', 'close', 'forget n'])
  })

  test('gives back at once what a loop was left at, however often', async () => {
    await create(() => {
      throw LEFT
    }).open()
    log.deliver(1, 5)
    await tick()
    expect(log.said).toEqual(['back 1 0'])
  })

  test('calls no hook that throws in vain', async () => {
    const logged: string[] = []
    const subscription = new OpenDurableSubscription({
      tag: 'a.b',
      checks: { payload: null, jsonSchemas: '' },
      handler: fail,
      settings: readDurableOptions('a.b', { name: 'n', maxDeliveries: 1, onDeadLetter: fail }),
      log,
      group: 'g',
      logger: { ...silent, error: (text) => void logged.push(text) },
      onClose: () => {},
    })
    await subscription.open()
    log.deliver(1)
    await tick()
    expect(logged).toEqual(['a durable event is a dead letter', 'the option onDeadLetter failed'])
  })
})
