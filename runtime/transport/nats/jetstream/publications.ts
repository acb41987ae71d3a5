import type { StoredEvent } from '../../../api/durable-event.js'
import { refuse } from '../../../errors/refuse.js'
import { decodeObject, toObject } from '../../../wire/json-object.js'
import type { EngineClient } from '../engine-client.js'
import { printSince } from '../print-since.js'
import { type ApiError, explainApiError, explainFailure, isPassing } from './explain-failure.js'
import { refuseOversize } from './refuse-oversize.js'

/** How long an event may stay without an acknowledgement, in milliseconds: a cluster that has lost a server chooses another within ten seconds. */
const MAX_WAIT_MS = 20_000

/** After how long it is sent again, in milliseconds: with the same id, so that it is stored once. */
const RESEND_MS = 2_000

/** The same where no stream took it. */
const RESEND_UNTAKEN_MS = 200

const LOOK_MS = 100

/** How many may wait for their acknowledgements: one that emits without waiting would fill the memory. */
const MAX_WAITING = 65_536

/** A message for a stream. */
export interface StreamMessage {
  /** Of the event, for errors. */
  readonly tag: string
  /** The emission's. */
  readonly id: string
  readonly subject: string
  readonly body: string | Uint8Array
  readonly headers: ReturnType<EngineClient['createHeaders']>
}

interface Publication {
  readonly message: StreamMessage
  readonly beganAtMs: number
  resendAtMs: number
  readonly resolve: (stored: StoredEvent) => void
  readonly reject: (error: Error) => void
}

/** What is published to streams, until it is acknowledged. */
export class Publications {
  readonly #client: EngineClient
  readonly #onUntaken: () => void
  readonly #inbox: string
  readonly #waiting = new Map<string, Publication>()
  #lastNumber = 0
  #timer: NodeJS.Timeout | undefined
  #onEmpty: (() => void)[] = []

  /** `onUntaken` is called when no stream takes what is published; it is sent again. */
  constructor(client: EngineClient, onUntaken: () => void) {
    this.#client = client
    this.#onUntaken = onUntaken
    this.#inbox = client.createInbox()
    client.hear(`${this.#inbox}.*`, ({ subject, data, headers }) =>
      this.#receive(subject.slice(this.#inbox.length + 1), data, headers?.code),
    )
    client.engine.follow((isUp) => {
      if (!isUp) this.#rejectAll()
    })
    void client.connection.closed().then(() => this.#rejectAll())
    void this.#followRefusals()
  }

  /**
   * Stores texts, in their order. Rejects where the engine is down, or takes no message that is as long as one of them, and then none is
   * stored; and where one is not acknowledged.
   */
  async publish(messages: readonly StreamMessage[]): Promise<StoredEvent[]> {
    const { engine } = this.#client
    for (const message of messages) {
      const problem = `${message.tag} is not stored`
      if (engine.downSinceMs !== undefined) {
        throw refuse('unavailable', `${problem}: the engine is down${printSince(engine)}`)
      }
      refuseOversize(message, engine.maxBytes)
      if (this.#waiting.size + messages.length > MAX_WAITING) {
        const reason = `${MAX_WAITING} emissions before it wait for the engine`
        throw refuse('resource_exhausted', `${problem}: ${reason}: await some of them`)
      }
    }
    return await Promise.all(messages.map((message) => this.#publish(message)))
  }

  #publish(message: StreamMessage): Promise<StoredEvent> {
    return new Promise((resolve, reject) => {
      const beganAtMs = performance.now()
      const publication = { message, beganAtMs, resendAtMs: beganAtMs + RESEND_MS, resolve, reject }
      const token = (++this.#lastNumber).toString(36)
      this.#waiting.set(token, publication)
      this.#timer ??= setInterval(() => this.#look(), LOOK_MS).unref()
      this.#send(token, publication)
    })
  }

  /** Resolves when nothing waits. */
  settle(): Promise<void> {
    if (this.#waiting.size === 0) return Promise.resolve()
    return new Promise((resolve) => this.#onEmpty.push(resolve))
  }

  /** The engine does not answer what its user may not publish, but says so on its own. */
  async #followRefusals(): Promise<void> {
    for await (const status of this.#client.connection.status()) {
      if (status.type !== 'error') continue
      const { name, subject } = status.error as Error & { readonly subject?: string }
      if (name === 'PermissionViolationError' && subject !== undefined) this.#refuse(subject)
    }
  }

  #refuse(subject: string): void {
    for (const [token, publication] of this.#waiting) {
      const { message } = publication
      if (message.subject !== subject) continue
      const problem = `${message.tag} is not stored: the engine does not permit this peer to publish to ${subject}`
      this.#take(token)?.reject(refuse('permission_denied', `${problem}: permit it to its user`))
    }
  }

  /** Where the client of NATS does not send it, nobody else would learn of that: it may be sent again by a timer. */
  #send(token: string, { message: { tag, subject, body, headers } }: Publication): void {
    try {
      this.#client.connection.publish(subject, body, { reply: `${this.#inbox}.${token}`, headers })
    } catch (error) {
      this.#take(token)?.reject(explainFailure(`${tag} is not stored`, error))
    }
  }

  #receive(token: string, data: Uint8Array, status: number | undefined): void {
    const publication = this.#waiting.get(token)
    // What was sent twice is acknowledged twice.
    if (publication === undefined) return
    if (status === 503) {
      publication.resendAtMs = performance.now() + RESEND_UNTAKEN_MS
      this.#onUntaken()
      return
    }
    const answer = readAcknowledgement(data)
    // Whatever else comes is no answer: that is waited for, and what was sent is sent again.
    if (answer === undefined || ('error' in answer && isPassing(answer.error))) return
    this.#take(token)
    const { message, resolve, reject } = publication
    const { tag, id } = message
    if ('error' in answer) reject(explainApiError(`${tag} is not stored`, answer.error))
    else resolve({ id, ...answer })
  }

  #take(token: string): Publication | undefined {
    const publication = this.#waiting.get(token)
    this.#waiting.delete(token)
    if (this.#waiting.size === 0) {
      clearInterval(this.#timer)
      this.#timer = undefined
      for (const resolve of this.#onEmpty.splice(0)) resolve()
    }
    return publication
  }

  #look(): void {
    const nowMs = performance.now()
    for (const [token, publication] of this.#waiting) {
      if (nowMs - publication.beganAtMs > MAX_WAIT_MS)
        this.#take(token)?.reject(explainSilence(publication.message.tag))
      else if (nowMs > publication.resendAtMs) {
        publication.resendAtMs = nowMs + RESEND_MS
        this.#send(token, publication)
      }
    }
  }

  #rejectAll(): void {
    for (const token of [...this.#waiting.keys()]) {
      const publication = this.#take(token)
      const { message, reject } = publication ?? {}
      const { tag, id } = message ?? {}
      const remedy = `emit it again with the id ${JSON.stringify(id)} within two minutes`
      const problem = `the engine was lost before it had acknowledged ${tag}, which may be stored: ${remedy}`
      reject?.(refuse('unavailable', problem, { maybeExecuted: true }))
    }
  }
}

type Acknowledgement = { readonly error: ApiError } | Pick<StoredEvent, 'sequence' | 'isDuplicate'>

/** Undefined for what no stream answers. What is thrown where messages are taken would end the reader of the whole connection. */
function readAcknowledgement(data: Uint8Array): Acknowledgement | undefined {
  const { seq: sequence, duplicate, error } = decodeObject(data) ?? {}
  if (isApiError(error)) return { error }
  return error === undefined && isCount(sequence) ? { sequence, isDuplicate: duplicate === true } : undefined
}

function isApiError(error: unknown): error is ApiError {
  const { err_code: code, description } = toObject(error)
  return typeof code === 'number' && typeof description === 'string'
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function explainSilence(tag: string): Error {
  const problem = `the engine has not acknowledged ${tag} within ${MAX_WAIT_MS} ms: it may be stored`
  return refuse('unavailable', problem, { maybeExecuted: true })
}
