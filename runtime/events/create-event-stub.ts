import type { Delivery, EventHandler, EventStub, Subscription } from '../api/event.js'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import type { ConnectedEvent } from './connected-event.js'
import { createSubscribe } from './create-subscribe.js'
import { EventIterator } from './event-iterator.js'
import type { Emitter } from './publisher/emitter.js'
import { readSubscribeOptions } from './subscriber/read-subscribe-options.js'
import type { Subscriptions } from './subscriber/subscriptions.js'

/** What an event's stub needs of the peer. */
export interface EventStubOptions {
  readonly event: ConnectedEvent
  readonly emitter: Emitter
  readonly subscriptions: Subscriptions
  /** The peer's own. */
  readonly group: string
  /** Throws `failed_precondition` once the peer is closed. */
  readonly refuseClosed: () => void
  /** Says why this peer cannot subscribe to others; undefined where it can. */
  readonly explainDeafness: ((tag: string) => string) | undefined
}

/** What a stub has of an event, frozen. */
export function createEventStub(options: EventStubOptions): EventStub<unknown> {
  const { event, emitter } = options
  const { tag } = event
  const emit: EventStub<unknown>['emit'] = (payload) => emitter.emit(payload, emit)
  const subscribe = createSubscribe<EventHandler<unknown>>({
    tag,
    open: (handler, given) => openSubscription(options, handler, given),
    iterate: (given) => iterate(options, given),
  })
  const takeHook = <Hook>(name: string, hook: Hook, add: (hook: Hook) => Disposable): Disposable => {
    if (typeof hook === 'function') return add(hook)
    throw refuse('invalid_argument', `${name} of ${tag} was given ${printValue(hook)}, expected a function`)
  }
  return Object.freeze({
    emit,
    subscribe: subscribe as EventStub<unknown>['subscribe'],
    beforeEmit: (hook) => takeHook('beforeEmit', hook, (some) => emitter.beforeEmit(some)),
    onDeliveryFailure: (hook) => takeHook('onDeliveryFailure', hook, (some) => emitter.onDeliveryFailure(some)),
  } satisfies EventStub<unknown>)
}

async function openSubscription(
  options: EventStubOptions,
  handler: EventHandler<unknown>,
  given: unknown,
  onClose?: () => void,
): Promise<Subscription> {
  const { event, subscriptions, group } = options
  const settings = readSubscribeOptions(event.tag, given ?? {}, group)
  checkPossible(options)
  return subscriptions.open(event, handler, settings, onClose)
}

function iterate(options: EventStubOptions, given: unknown): EventIterator<Delivery> {
  // A mistake in the options is the caller's line, and not that of the first `next()`.
  readSubscribeOptions(options.event.tag, given ?? {}, options.group)
  checkPossible(options)
  const events: EventIterator<Delivery> = new EventIterator(
    (handler) => openSubscription(options, handler, given, () => events.end()),
    { isHeld: false },
  )
  return events
}

function checkPossible({ event: { tag }, refuseClosed, explainDeafness }: EventStubOptions): void {
  refuseClosed()
  if (explainDeafness !== undefined) throw refuse('unimplemented', explainDeafness(tag))
}
