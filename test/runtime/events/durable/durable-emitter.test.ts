import { beforeEach, expect, test } from 'vitest'
import { ConnectedEvent } from '../../../../runtime/events/connected-event.js'
import { DurableEmitter } from '../../../../runtime/events/durable/durable-emitter.js'
import { catchError } from '../../behaviour/harness.js'
import { FakeLog } from './fake-log.js'

const MANY = 1_001

let log: FakeLog
let emitter: DurableEmitter

beforeEach(() => {
  log = new FakeLog()
  const load = () => Promise.resolve({ payload: () => true, jsonSchemas: '' })
  const kind = { payload: 'value', delivery: 'durable' } as const
  const event = new ConnectedEvent({ name: 'b', tag: 'a.b', aliases: [], digest: '', load, ...kind })
  emitter = new DurableEmitter(event, { log, refuseClosed: () => {} })
})

const emit = (payload: number): Promise<unknown> => emitter.emit(payload, undefined, emit)
const emitMany = (): Promise<unknown>[] => Array.from({ length: MANY }, (_, number) => emit(number))

test('any number of events wait for the checks that are loaded for the first one, in their order', async () => {
  await Promise.all(emitMany())
  expect(log.entries.map(({ text }) => text)).toEqual(Array.from({ length: MANY }, (_, number) => `${number}`))
})

test('a thousand wait for a hook that hangs, and further ones are refused', async () => {
  let release = (): void => {}
  const hanging = new Promise<number>((resolve) => (release = () => resolve(7)))
  emitter.beforeEmit(() => hanging)
  const emitted = emitMany()
  expect(await catchError(emitted.at(-1) ?? hanging)).toMatchObject({
    code: 'resource_exhausted',
    message: 'a.b is not emitted: 1000 emissions before it wait for its hooks',
  })
  expect(log.entries).toEqual([])
  release()
  await Promise.all(emitted.slice(0, -1))
  expect(log.entries).toHaveLength(MANY - 1)
})
