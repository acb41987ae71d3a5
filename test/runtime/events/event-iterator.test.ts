import { describe, expect, test } from 'vitest'
import { EventIterator, LEFT } from '../../../runtime/events/event-iterator.js'

type Handler = (payload: unknown, delivery: { readonly sequence: number }) => Promise<void>

/** A subscription whose publisher is the test, and the loop that it is for. */
function create(isHeld: boolean) {
  const said: string[] = []
  let handler: Handler = () => expect.fail('nobody is subscribed')
  const iterator = new EventIterator<{ readonly sequence: number }>(
    async (given) => {
      handler = given
      return { close: async () => void said.push('closed') }
    },
    { isHeld },
  )
  const deliver = (sequence: number): void => {
    handler(`p${sequence}`, { sequence }).then(
      () => said.push(`done ${sequence}`),
      (thrown: unknown) => said.push(thrown === LEFT ? `left ${sequence}` : `failed ${sequence}`),
    )
  }
  return { iterator, deliver, said }
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const value = (sequence: number): object => ({ done: false, value: { sequence, payload: `p${sequence}` } })
const END = { done: true, value: undefined }

describe.each([
  ['is done as soon as a reader has it', false],
  ['is held until the next one is asked for', true],
])('an event of a loop that %s', (_, isHeld) => {
  test('comes to whoever waits for it, or waits for whoever asks', async () => {
    const { iterator, deliver, said } = create(isHeld)
    const first = iterator.next()
    await tick()
    deliver(1)
    expect(await first).toEqual(value(1))
    await tick()
    expect(said).toEqual(isHeld ? [] : ['done 1'])
    const second = iterator.next()
    await tick()
    expect(said).toEqual(['done 1'])
    deliver(2)
    expect(await second).toEqual(value(2))
  })

  test('that was not asked for is not handled, and is given back where the loop is left', async () => {
    const { iterator, deliver, said } = create(isHeld)
    const first = iterator.next()
    await tick()
    deliver(1)
    await first
    expect(await iterator.return()).toEqual(END)
    await tick()
    expect(said).toEqual(isHeld ? ['left 1', 'closed'] : ['done 1', 'closed'])
    deliver(2)
    await tick()
    expect(said.at(-1)).toBe(isHeld ? 'left 2' : 'done 2')
    expect(await iterator.next()).toEqual(END)
  })

  test('is still done by its reader where the subscription ends, and all who wait are told', async () => {
    const { iterator, deliver, said } = create(isHeld)
    const [first, second] = [iterator.next(), iterator.next()]
    await tick()
    deliver(1)
    expect(await first).toEqual(value(1))
    iterator.end()
    expect(await second).toEqual(END)
    expect(await iterator.next()).toEqual(END)
    await tick()
    expect(said).toEqual(['done 1'])
  })
})

test('a loop that cannot be opened says so at each step, and is left in peace', async () => {
  const iterator = new EventIterator(() => Promise.reject(new Error('no')), { isHeld: true })
  await expect(iterator.next()).rejects.toThrow('no')
  await expect(iterator.next()).rejects.toThrow('no')
  expect(await iterator.return()).toEqual(END)
})
