import type { EmitOptions, StoredEvent } from '../../api/durable-event.js'
import { refuse } from '../../errors/refuse.js'
import { captureCallSite } from '../../traceback/call-site.js'
import { explainRefusal } from '../../traceback/explain-refusal.js'
import type { EventLog } from '../../transport/event-log.js'
import type { EventChecks } from '../../validation/validate.js'
import type { ConnectedEvent } from '../connected-event.js'
import { Hooks } from '../publisher/hooks.js'
import { Line } from '../publisher/line.js'
import { writePayload } from '../publisher/write-payload.js'
import { readEmitId } from './read-durable-options.js'

/** How many emissions of one event may wait for its hooks: one that hangs would fill the memory. */
const MAX_PREPARED = 1_000

/** Prepares what a payload becomes. */
type BeforeEmit = (payload: unknown) => unknown

/** What emitting a durable event needs of the peer. */
export interface DurableEmitterOptions {
  readonly log: EventLog
  /** Throws `failed_precondition` once the peer is closed. */
  readonly refuseClosed: () => void
}

/** Emits one durable event: it is stored in the order in which that is told, unless some of it has to be repeated. */
export class DurableEmitter {
  readonly #event: ConnectedEvent
  readonly #options: DurableEmitterOptions
  readonly #tags: readonly string[]
  readonly #before = new Hooks<BeforeEmit>()
  /** Emissions that wait for checks to be loaded, and those that its hooks prepare: whatever is emitted later is behind them. */
  readonly #loading = new Line()
  readonly #preparing = new Line()

  constructor(event: ConnectedEvent, options: DurableEmitterOptions) {
    this.#event = event
    this.#options = options
    this.#tags = [event.tag, ...event.descriptor.aliases]
  }

  /** Resolves when all that was emitted by now has been given to the log. */
  get isDone(): Promise<void> {
    return this.#loading.isDone.then(() => this.#preparing.isDone)
  }

  beforeEmit(hook: BeforeEmit): Disposable {
    return this.#before.add(hook)
  }

  /** Emits a payload. `stub` is the function that was called for that. */
  async emit(
    payload: unknown,
    options: EmitOptions | undefined,
    stub: (...args: never[]) => unknown,
  ): Promise<StoredEvent> {
    const site = captureCallSite(stub)
    try {
      const id = readEmitId(this.#event.tag, options)
      this.#options.refuseClosed()
      const { loaded } = this.#event.checks
      const isLoaded = loaded !== undefined && this.#loading.length === 0
      return await (isLoaded ? this.#prepare(loaded, payload, id) : this.#load(payload, id))
    } catch (thrown) {
      throw explainRefusal(thrown, site)
    }
  }

  async #load(payload: unknown, id: string | undefined): Promise<StoredEvent> {
    const { stored } = await this.#loading.add(async () => {
      const checks = await this.#event.checks.get()
      this.#options.refuseClosed()
      return hold(this.#prepare(checks, payload, id))
    })
    return stored
  }

  #prepare(checks: EventChecks, payload: unknown, id: string | undefined): Promise<StoredEvent> {
    const { length } = this.#preparing
    if (this.#before.isEmpty && length === 0) return this.#store(checks, payload, id)
    if (length < MAX_PREPARED) return this.#runHooks(checks, payload, id)
    const problem = `${MAX_PREPARED} emissions before it wait for its hooks`
    throw refuse('resource_exhausted', `${this.#event.tag} is not emitted: ${problem}`)
  }

  async #runHooks(checks: EventChecks, payload: unknown, id: string | undefined): Promise<StoredEvent> {
    const { stored } = await this.#preparing.add(async () => {
      let prepared = payload
      for (const hook of this.#before) prepared = await hook(prepared)
      this.#options.refuseClosed()
      return hold(this.#store(checks, prepared, id))
    })
    return stored
  }

  #store(checks: EventChecks, payload: unknown, id: string | undefined): Promise<StoredEvent> {
    const text = writePayload(this.#event.tag, checks, payload)
    return this.#options.log.append({ tags: this.#tags, id, text })
  }
}

/** What is being stored, for whoever waits for that: the line goes on before. Until then nobody would hear of its failure. */
function hold(stored: Promise<StoredEvent>): { readonly stored: Promise<StoredEvent> } {
  stored.catch(() => {})
  return { stored }
}
