import type { DurableStart, StoredEvent } from '../api/durable-event.js'

/** An event that is to be stored. */
export interface LogEntry {
  /** Under which it is stored: the event's own tag, and older ones. */
  readonly tags: readonly string[]
  /** The emitter's; undefined: the log makes one. */
  readonly id: string | undefined
  /** Its payload as JSON text. */
  readonly text: string
}

/** A stored event, as a reader gets it. Exactly one of `finish` and `giveBack` is to be called; a second call does nothing. */
export interface LogDelivery {
  readonly id: string
  readonly sequence: number
  readonly storedAtMs: number
  readonly deliveries: number
  /** The id of the peer that emitted it, as far as it said so. */
  readonly publisherId: string | undefined
  readonly data: Uint8Array
  /** It is done. */
  finish(): void
  /** It is to come again, to whoever has the same name, in so many milliseconds at the earliest. */
  giveBack(afterMs: number): void
}

/** Which reader of a log is meant. */
export interface LogReaderKey {
  readonly tag: string
  readonly name: string
}

/** How a log is read. */
export interface LogReaderOptions extends LogReaderKey {
  /** Undefined: whatever is there; for a new one, what comes. */
  readonly from: DurableStart | undefined
  readonly isOrdered: boolean
  /** How many are handled at once: a few more are held, so that none has to be waited for. */
  readonly concurrency: number
  /** After how long the deliveries of a reader that is silent go to another, in milliseconds. A reader says by itself that it is there. */
  readonly silenceMs: number
}

/** Is told of what a reader reads. */
export interface LogListener {
  onEvent(delivery: LogDelivery): void
  /** The log has forgotten the reader. */
  onForgotten(): void
}

/** Reads a log from where those of its name were. */
export interface LogReader {
  /** Takes no more. What arrives all the same is told, until this resolves, and is to be given back. */
  stop(): Promise<void>
  /** Ends it, when the log has been told of all that is finished or given back. */
  close(): Promise<void>
}

/** An event that its readers give up. */
export interface BuriedEvent extends LogReaderKey {
  readonly delivery: LogDelivery
  /** What the last attempt failed with, in one line. */
  readonly reason: string
}

/**
 * Keeps a group's durable events until they are old. All of it rejects with `unavailable` while the log cannot be reached,
 * `failed_precondition` where there is none, `permission_denied` where it is not permitted, and `resource_exhausted` where something is
 * too large, or the log full.
 */
export interface EventLog {
  /** Stores an event, under all of its tags. Resolves when it is safe. */
  append(entry: LogEntry): Promise<StoredEvent>
  /** Opens a reader. Rejects with `failed_precondition` also where one of its name is there with other options. */
  read(options: LogReaderOptions, listener: LogListener): Promise<LogReader>
  /** Forgets a reader. Resolves with whether there was one. */
  forget(reader: LogReaderKey): Promise<boolean>
  /** Stores an event where dead letters are. Resolves when it is safe. */
  bury(event: BuriedEvent): Promise<void>
  /** Resolves when what is being stored is stored, or has failed. */
  settle(): Promise<void>
}
