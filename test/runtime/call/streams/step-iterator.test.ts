import { expect, test } from 'vitest'
import { StepIterator } from '../../../../runtime/call/streams/step-iterator.js'

test('items come in the order in which they were asked for, however many were asked for at once', async () => {
  let made = 0
  const waiting: (() => void)[] = []
  const items = new StepIterator({
    reader: {
      pull: () =>
        new Promise((resolve) => {
          const value = made++
          waiting.push(() => resolve({ done: false, value }))
        }),
    },
    leave: () => {},
    explain: (thrown) => thrown,
  })
  const got: [string, unknown][] = []
  const ask = (name: string): void => void items.next().then(({ value }) => got.push([name, value]))
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  ask('first')
  ask('second')
  ask('third')
  await turn()
  waiting.shift()?.()
  await turn()
  ask('fourth')
  for (let left = 6; left > 0; left--) {
    waiting.shift()?.()
    await turn()
  }
  expect(got).toEqual([
    ['first', 0],
    ['second', 1],
    ['third', 2],
    ['fourth', 3],
  ])
})
