import type { Pair, Stock, Sum, User } from './payloads.js'

/** What every server does: next to nothing, so that what is measured is the call. */
export const work = {
  add: ({ a, b }: Pair): Sum => ({ sum: a + b }),
  echoUser: (user: User): User => user,
  echoStock: (stock: Stock): Stock => stock,
}

/** The name of one piece of work. */
export type WorkName = keyof typeof work

/** All of them, the smallest first. */
export const WORK_NAMES: readonly WorkName[] = ['add', 'echoUser', 'echoStock']

/** Does a piece of work that is known by its name only. */
export function doWork(name: string, input: unknown): unknown {
  return (work as Record<string, (input: never) => unknown>)[name]?.(input as never)
}
