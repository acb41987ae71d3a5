import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import { captureCallSite } from '../traceback/call-site.js'
import { explainRefusal } from '../traceback/explain-refusal.js'

/** What the two forms of `subscribe` do. */
export interface SubscribeForms<Handler> {
  /** The event's. */
  readonly tag: string
  /** `subscribe(handler, options)`. */
  readonly open: (handler: Handler, options: unknown) => Promise<unknown>
  /** `subscribe(options)`, for a loop. Throws for options that it does not take. */
  readonly iterate: (options: unknown) => unknown
}

/**
 * The `subscribe` of an event's stub: its two forms are told apart by their first argument. A second one beside a handler that is none
 * is refused. What either refuses has its stack begin where it was called.
 */
export function createSubscribe<Handler>({
  tag,
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
      if (second !== undefined) throw refuseSecond(tag, first)
      return iterate(first)
    } catch (thrown) {
      throw explainRefusal(thrown, site)
    }
  }
  return subscribe
}

function refuseSecond(tag: string, first: unknown): Error {
  const given = `subscribe of ${tag} was given ${printValue(first)} and a second argument`
  return refuse('invalid_argument', `${given}, expected subscribe(handler, options), or subscribe(options) for a loop`)
}
