import type {
  DurableDelivery,
  DurableEventHandler,
  DurableEventStub,
  DurableSubscription,
} from '../../api/durable-event.js'
import type { Logger } from '../../api/logger.js'
import { printValue } from '../../errors/print-value.js'
import { refuse } from '../../errors/refuse.js'
import { captureCallSite } from '../../traceback/call-site.js'
import { explainRefusal } from '../../traceback/explain-refusal.js'
import type { EventLog } from '../../transport/event-log.js'
import type { ConnectedEvent } from '../connected-event.js'
import { createSubscribe } from '../create-subscribe.js'
import { EventIterator } from '../event-iterator.js'
import type { DurableEmitter } from './durable-emitter.js'
import { OpenDurableSubscription } from './durable-subscription.js'
import { readDurableOptions, readName } from './read-durable-options.js'

/** What a durable event's stub needs of the peer. */
export interface DurableStubOptions {
  readonly event: ConnectedEvent
  readonly emitter: DurableEmitter
  readonly log: EventLog
  /** Those that are open. */
  readonly subscriptions: Set<OpenDurableSubscription>
  /** The peer's own. */
  readonly group: string
  readonly logger: Logger
  /** Throws `failed_precondition` once the peer is closed. */
  readonly refuseClosed: () => void
}

/** What a stub has of a durable event, frozen. */
export function createDurableStub(options: DurableStubOptions): DurableEventStub<unknown> {
  const { event, emitter, log, refuseClosed } = options
  const { tag } = event
  const emit: DurableEventStub<unknown>['emit'] = (payload, emitOptions) => emitter.emit(payload, emitOptions, emit)
  const subscribe = createSubscribe<DurableEventHandler<unknown>>({
    tag,
    open: (handler, given) => openSubscription(options, handler, given),
    iterate: (given) => iterate(options, given),
  })
  const forget = async (name: unknown): Promise<boolean> => {
    const site = captureCallSite(forget)
    try {
      refuseClosed()
      return await log.forget({ tag, name: readName(tag, name) })
    } catch (thrown) {
      throw explainRefusal(thrown, site)
    }
  }
  return Object.freeze({
    emit,
    subscribe: subscribe as DurableEventStub<unknown>['subscribe'],
    forget,
    beforeEmit: (hook) => {
      if (typeof hook === 'function') return emitter.beforeEmit(hook)
      throw refuse('invalid_argument', `beforeEmit of ${tag} was given ${printValue(hook)}, expected a function`)
    },
  } satisfies DurableEventStub<unknown>)
}

async function openSubscription(
  { event, log, subscriptions, group, logger, refuseClosed }: DurableStubOptions,
  handler: DurableEventHandler<unknown>,
  given: unknown,
  onClose: () => void = () => {},
): Promise<DurableSubscription> {
  const { tag } = event
  const settings = readDurableOptions(tag, given)
  refuseClosed()
  const checks = await event.checks.get()
  const subscription = new OpenDurableSubscription({
    tag,
    checks,
    handler,
    settings,
    log,
    group,
    logger,
    onClose: (closed) => {
      subscriptions.delete(closed)
      onClose()
    },
  })
  // Before it is open: the peer may close meanwhile.
  subscriptions.add(subscription)
  try {
    await subscription.open()
    return subscription
  } catch (error) {
    subscriptions.delete(subscription)
    throw error
  }
}

function iterate(options: DurableStubOptions, given: unknown): EventIterator<DurableDelivery> {
  const { event, refuseClosed } = options
  // A mistake in the options is the caller's line, and not that of the first `next()`.
  const { name, concurrency } = readDurableOptions(event.tag, given)
  if (concurrency > 1) {
    const what = `option "concurrency" of the subscription ${printValue(name)} to ${event.tag} is ${concurrency}`
    throw refuse('invalid_argument', `${what}, expected 1, or nothing: a loop takes one event at a time`)
  }
  refuseClosed()
  const events: EventIterator<DurableDelivery> = new EventIterator(
    (handler) => openSubscription(options, handler, given, () => events.end()),
    { isHeld: true },
  )
  return events
}
