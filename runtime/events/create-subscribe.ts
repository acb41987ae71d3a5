import { captureCallSite } from '../traceback/call-site.js'
import { explainRefusal } from '../traceback/explain-refusal.js'

/** What the two forms of `subscribe` do. */
export interface SubscribeForms<Handler> {
  /** `subscribe(handler, options)`. */
  readonly open: (handler: Handler, options: unknown) => Promise<unknown>
  /** `subscribe(options)`, for a loop. Throws for options that it does not take. */
  readonly iterate: (options: unknown) => unknown
}

/**
 * The `subscribe` of an event's stub: its two forms are told apart by their first argument. What either refuses has its stack begin where
 * it was called.
 */
export function createSubscribe<Handler>({
  open,
  iterate,
}: SubscribeForms<Handler>): (first?: unknown, second?: unknown) => unknown {
  const subscribe = (first?: unknown, second?: unknown): unknown => {
    const site = captureCallSite(subscribe)
    if (typeof first === 'function') {
      return open(first as Handler, second).catch((thrown: unknown) => {
        throw explainRefusal(thrown, site)
      })
    }
    try {
      return iterate(first)
    } catch (thrown) {
      throw explainRefusal(thrown, site)
    }
  }
  return subscribe
}
