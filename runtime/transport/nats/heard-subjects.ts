import type { Logger } from '../../api/logger.js'
import type { Msg, NatsConnection, NatsErrors } from './load-nats.js'

/** How often what the server no longer permits is tried again, in milliseconds. */
const RETRY_MS = 3_000

/** What subjects are heard through. */
export interface Hearing {
  readonly connection: Pick<NatsConnection, 'subscribe'>
  readonly errors: NatsErrors
  /** What the subjects begin with that a peer cannot do without. */
  readonly needed: string
  readonly logger: Logger
  /** Calls the listener when the server has taken what was sent, or refused it: never where the connection ends before. */
  onceFlushed(listener: () => void): void
}

/** A subject that is heard. */
export interface Heard {
  /** Hears no more of it. */
  end(): void
  /** Hears what the server has sent until it knows of the end, and no more. Never rejects. */
  drain(): Promise<void>
}

/**
 * The subjects that are heard. Where the server refuses one, the client of NATS forgets it for good, also one that it had taken until its
 * users were changed: such a one is tried again here after each reconnection, and one that is needed every three seconds.
 */
export class HeardSubjects {
  readonly #hearing: Hearing
  /** Neither taken nor refused yet. */
  readonly #open = new Set<HeardSubject>()
  /** Taken once, and refused since. */
  readonly #lost = new Set<HeardSubject>()
  #timer: NodeJS.Timeout | undefined

  constructor(hearing: Hearing) {
    this.#hearing = hearing
  }

  /** A subject that is needed, and was taken once, and is refused now. */
  get lost(): string | undefined {
    return [...this.#lost].find(({ isNeeded }) => isNeeded)?.subject
  }

  /** Hears a subject until the answer is ended. `onRefused` is called where it is refused before it was ever taken. */
  add(subject: string, onMessage: (message: Msg) => void, onRefused?: () => void, queue?: string): Heard {
    const { needed } = this.#hearing
    const heard: HeardSubject = { subject, onMessage, onRefused, queue, isNeeded: subject.startsWith(needed) }
    this.#subscribe(heard)
    this.#settle()
    const forget = (): void => {
      this.#open.delete(heard)
      this.#lost.delete(heard)
      this.#follow()
    }
    return {
      end: () => {
        forget()
        heard.subscription?.unsubscribe()
      },
      drain: async () => {
        forget()
        await heard.subscription?.drain().catch(() => {})
      },
    }
  }

  /** Tries again what was lost: the connection is there again. What was heard until it ended the client of NATS hears by itself. */
  retry(): void {
    this.#retry([...this.#lost])
  }

  /** Tries nothing any more. */
  close(): void {
    clearInterval(this.#timer)
    this.#lost.clear()
  }

  /** What is asked for already is not asked for twice: it would be heard twice. */
  #retry(lost: readonly HeardSubject[]): void {
    for (const heard of lost) if (!this.#open.has(heard)) this.#subscribe(heard)
    this.#settle()
  }

  /** Has what the server does not refuse count as taken. */
  #settle(): void {
    const asked = [...this.#open]
    if (asked.length === 0) return
    this.#hearing.onceFlushed(() => {
      for (const heard of asked) if (this.#open.delete(heard)) this.#onTaken(heard)
    })
  }

  #subscribe(heard: HeardSubject): void {
    const { connection, errors, logger } = this.#hearing
    const { subject, queue } = heard
    this.#open.add(heard)
    heard.subscription = connection.subscribe(subject, {
      ...(queue !== undefined && { queue }),
      callback: (error: Error | null, message: Msg) => {
        // What is thrown here would end the reader of the whole connection.
        try {
          if (error === null) heard.onMessage(message)
          else if (error instanceof errors.PermissionViolationError) this.#onRefused(heard)
        } catch (thrown) {
          logger.error('a message of the engine could not be taken', { error: thrown })
        }
      },
    })
  }

  #onTaken(heard: HeardSubject): void {
    heard.wasTaken = true
    if (!this.#lost.delete(heard)) return
    this.#hearing.logger.info('the engine permits this peer to hear again', { subject: heard.subject })
    this.#follow()
  }

  #onRefused(heard: HeardSubject): void {
    this.#open.delete(heard)
    if (heard.wasTaken !== true) {
      heard.onRefused?.()
      return
    }
    if (this.#lost.has(heard)) return
    this.#lost.add(heard)
    const { subject } = heard
    this.#hearing.logger.warn('the engine no longer permits this peer to hear: permit it to its user', { subject })
    this.#follow()
  }

  #follow(): void {
    if (this.lost === undefined) {
      clearInterval(this.#timer)
      this.#timer = undefined
    } else
      this.#timer ??= setInterval(
        () => this.#retry([...this.#lost].filter(({ isNeeded }) => isNeeded)),
        RETRY_MS,
      ).unref()
  }
}

interface HeardSubject {
  readonly subject: string
  readonly onMessage: (message: Msg) => void
  readonly onRefused: (() => void) | undefined
  readonly queue: string | undefined
  readonly isNeeded: boolean
  /** Whether the server has taken it once. */
  wasTaken?: boolean
  subscription?: ReturnType<NatsConnection['subscribe']>
}
