import type { DeliveryFailure, Emission } from '../../api/event.js'
import type { Logger } from '../../api/logger.js'
import { refuse } from '../../errors/refuse.js'
import { type CallSite, captureCallSite } from '../../traceback/call-site.js'
import { explainRefusal } from '../../traceback/explain-refusal.js'
import type { EventChecks } from '../../validation/validate.js'
import { callHook } from '../call-hook.js'
import type { ConnectedEvent } from '../connected-event.js'
import { Hooks } from './hooks.js'
import { Line } from './line.js'
import { OpenEmission } from './open-emission.js'
import type { Publisher } from './publisher.js'
import type { Channel } from './topic.js'
import { writePayload } from './write-payload.js'

/** How many emissions of one event may wait for its hooks: one that hangs would fill the memory. */
const MAX_PREPARED = 1_000

/** Prepares what a payload becomes. */
type BeforeEmit = (payload: unknown) => unknown

/** What emitting needs of the peer. */
export interface EmitterOptions {
  readonly publisher: Publisher
  /** What waits for checks to be loaded, of all events: whatever is emitted later is behind it. */
  readonly loading: Line
  readonly logger: Logger
  /** Throws `failed_precondition` once the peer is closed. */
  readonly refuseClosed: () => void
}

/** Emits one event, in the order in which it is told to. */
export class Emitter {
  readonly #event: ConnectedEvent
  readonly #options: EmitterOptions
  readonly #channel: Channel
  readonly #before = new Hooks<BeforeEmit>()
  readonly #failures = new Hooks<(failure: DeliveryFailure) => void>()
  /** Emissions that its hooks prepare. */
  readonly #preparing = new Line()

  constructor(event: ConnectedEvent, options: EmitterOptions) {
    const { tag, aliases, digest } = event.descriptor
    this.#event = event
    this.#options = options
    this.#channel = options.publisher.open({
      tags: [tag, ...aliases],
      digest,
      onFailure: (failure) => this.#reportFailure(failure),
    })
  }

  /** Resolves when all that was emitted by now has been prepared. */
  get isDone(): Promise<void> {
    return this.#preparing.isDone
  }

  beforeEmit(hook: BeforeEmit): Disposable {
    return this.#before.add(hook)
  }

  onDeliveryFailure(hook: (failure: DeliveryFailure) => void): Disposable {
    return this.#failures.add(hook)
  }

  /** Emits a payload. `stub` is the function that was called for that. */
  emit(payload: unknown, stub: (...args: never[]) => unknown): Emission {
    const emission = new OpenEmission((error) => this.#reportUnheard(error))
    const { loaded } = this.#event.checks
    try {
      this.#options.refuseClosed()
      if (loaded === undefined || !this.#isQuick) this.#emitLater(payload, emission, captureCallSite(stub))
      else this.#publish(loaded, payload, emission)
    } catch (thrown) {
      emission.reject(explainRefusal(thrown, captureCallSite(stub)))
    }
    return emission
  }

  /** Whether nothing has to be waited for. */
  get #isQuick(): boolean {
    return this.#before.isEmpty && this.#preparing.length === 0 && this.#options.loading.length === 0
  }

  #emitLater(payload: unknown, emission: OpenEmission, site: CallSite): void {
    const fail = (thrown: unknown): void => emission.reject(explainRefusal(thrown, site))
    const { loading } = this.#options
    loading
      .add(async () => {
        const checks = await this.#event.checks.get()
        if (this.#before.isEmpty && this.#preparing.length === 0) this.#publish(checks, payload, emission)
        else this.#prepare(checks, payload, emission).catch(fail)
      })
      .catch(fail)
  }

  async #prepare(checks: EventChecks, payload: unknown, emission: OpenEmission): Promise<void> {
    if (this.#preparing.length >= MAX_PREPARED) {
      const problem = `${MAX_PREPARED} emissions before it wait for its hooks`
      throw refuse('resource_exhausted', `${this.#event.tag} is not emitted: ${problem}`)
    }
    await this.#preparing.add(async () => {
      let prepared = payload
      for (const hook of this.#before) prepared = await hook(prepared)
      this.#options.refuseClosed()
      this.#publish(checks, prepared, emission)
    })
  }

  #publish(checks: EventChecks, payload: unknown, emission: OpenEmission): void {
    this.#options.publisher.publish(this.#channel, writePayload(this.#event.tag, checks, payload), emission)
  }

  #reportUnheard(error: unknown): void {
    this.#options.logger.error('an event was not emitted', { tag: this.#event.tag, error })
  }

  #reportFailure(failure: DeliveryFailure): void {
    const { tag } = this.#event
    const { logger } = this.#options
    const { subscriber, sequence, error } = failure
    logger.warn('a subscriber failed', { tag, subscriber: subscriber.id, sequence, error })
    for (const hook of this.#failures) {
      callHook(
        () => hook(failure),
        (error) => logger.error('a hook for failures of delivery failed', { tag, error }),
      )
    }
  }
}
