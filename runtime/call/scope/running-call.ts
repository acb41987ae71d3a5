import { AsyncLocalStorage } from 'node:async_hooks'
import { NODE_MAJOR } from '../../wire/node-version.js'
import type { CallScope } from './call-scope.js'

/** The handler's call behind every `await` of it. */
const followed = new AsyncLocalStorage<CallScope | undefined>()

/** The handler's call until its function returns, for all handlers alike: two writes, and no look into a store. */
let current: CallScope | undefined

/**
 * Since Node 24 following a handler costs some 0.2 µs. Before, the first one makes every promise of the process slower, for
 * good: there only functions that are known to answer later are followed.
 */
export const isFollowingCheap: boolean = NODE_MAJOR >= 24

/** Whether a function is sure to answer later, and may await before. */
export function isAsyncFunction(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object AsyncFunction]'
}

/**
 * Runs a function as part of a call, so that {@link findRunningCall} finds its scope: until it returns, and with `isFollowed`
 * behind its awaits too.
 */
export function runWithin<First, Second, Result>(
  scope: CallScope,
  isFollowed: boolean,
  run: (first: First, second: Second) => Result,
  first: First,
  second: Second,
): Result {
  const outer = current
  current = scope
  try {
    return isFollowed ? followed.run(scope, run, first, second) : run(first, second)
  } finally {
    current = outer
  }
}

/** The call of whose handler this is a part; undefined outside of handlers, and once that call has been answered. */
export function findRunningCall(): CallScope | undefined {
  const scope = current ?? followed.getStore()
  return scope === undefined || scope.isFinished ? undefined : scope
}

/** The async context in which this was loaded, which is no call's: the application's own storages are empty there too. */
const runUncalled = AsyncLocalStorage.snapshot()

/** Runs what outlives the call that happens to be the first to need it, as the opening of a session. */
export function runOutside<Result>(run: () => Result): Result {
  const outer = current
  current = undefined
  try {
    return runUncalled(run)
  } finally {
    current = outer
  }
}
