import { describe, expect, test } from 'vitest'
import { watchItems } from '../../../runtime/interceptors/watch-items.js'

async function* count(to: number, log: unknown[]): AsyncGenerator<number> {
  try {
    for (let item = 1; item <= to; item++) yield item
  } finally {
    log.push('finally')
  }
}

function watch(items: AsyncIterable<unknown>, log: unknown[]): AsyncIterableIterator<unknown> {
  return watchItems(items, { onItem: () => log.push('item'), onEnd: (failure) => log.push(['end', failure]) })
}

describe('watched items', () => {
  test('are the same, each is told, and so is their end', async () => {
    const log: unknown[] = []
    for await (const item of watch(count(2, log), log)) log.push(item)
    expect(log).toEqual(['item', 1, 'item', 2, 'finally', ['end', undefined]])
  })

  test('are ended by a reader that leaves, and told so once', async () => {
    const log: unknown[] = []
    const items = watch(count(9, log), log)
    for await (const item of items) if (item === 2) break
    expect(await items.return?.()).toEqual({ done: true, value: undefined })
    expect(log).toEqual(['item', 'item', 'finally', ['end', undefined]])
  })

  test('are ended by a reader that never began', async () => {
    const log: unknown[] = []
    expect(await watch(count(9, log), log).return?.()).toEqual({ done: true, value: undefined })
    expect(log).toEqual([['end', undefined]])
  })

  test('fail as they do, and tell with what', async () => {
    const log: unknown[] = []
    async function* fail(): AsyncGenerator<number> {
      yield 1
      throw 'a text'
    }
    const items = watch(fail(), log)
    await items.next()
    await expect(items.next()).rejects.toBe('a text')
    expect(log).toEqual(['item', ['end', { thrown: 'a text' }]])
  })

  test('that know no return end without it', async () => {
    const log: unknown[] = []
    const bare = { [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false as const, value: 1 }) }) }
    const items = watch(bare, log)
    await items.next()
    expect(await items.return?.('x')).toEqual({ done: true, value: 'x' })
    expect(log).toEqual(['item', ['end', undefined]])
  })

  test('are made inside what is around them, step by step', async () => {
    const log: unknown[] = []
    let depth = 0
    const within = <Result>(run: () => Result): Result => {
      depth++
      const result = run()
      depth--
      return result
    }
    async function* look(): AsyncGenerator<number> {
      yield depth
      yield depth
    }
    const items = watchItems(look(), { onItem() {}, onEnd() {}, within })
    for await (const item of items) log.push(item)
    expect(log).toEqual([1, 1])
  })
})
