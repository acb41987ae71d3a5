/** A message that arrived. */
export interface EngineMessage {
  readonly subject: string
  readonly data: Uint8Array
  /** Where an answer is waited for. */
  readonly reply: string | undefined
  /** By their names in lower case; undefined where there are none. Of one that stands more than once, all values, with commas between. */
  readonly headers: ReadonlyMap<string, string> | undefined
  /** Whether it says that nobody hears what this peer has published. */
  readonly isUnheard: boolean
}

/** Headers of messages, made once for any number of them. */
export interface EngineHeaders {
  /** What they take of a message, in bytes. */
  readonly bytes: number
}

/** Why a request has no answer: nobody listens on its subject, it took too long, it is not permitted, or the engine is down. */
export type Unanswered = 'nobody' | 'late' | 'refused' | 'down'

/** What answers a request, or why nothing does. */
export type EngineAnswer = Uint8Array | Unanswered

/** A connection to a NATS server, or to one of several, that comes back by itself. */
export interface Engine {
  /** What a message may hold, in bytes, with its headers: at least 4 KiB. While there is no connection, what it was before. */
  readonly maxBytes: number
  /** Since when there is no connection, in milliseconds since 1970; undefined while there is one. */
  readonly downSinceMs: number | undefined
  /** What else keeps it from carrying all, as its health says it; undefined: nothing. */
  readonly trouble: string | undefined
  /** About how much was published that the server may not have taken yet, in bytes. */
  readonly bufferedBytes: number
  /** Makes headers. `fields` are names and values in turn, of which none holds a line break. */
  createHeaders(fields: readonly string[]): EngineHeaders
  /** Sends a message. Does nothing while there is no connection. */
  publish(subject: string, data: string | Uint8Array, reply?: string, headers?: EngineHeaders): void
  /** Has what was published leave at once: else it leaves when whatever runs now is done. */
  sendNow(): void
  /** Sends a message, and waits for the first answer. Never rejects. */
  request(subject: string, data: string, timeoutMs: number): Promise<EngineAnswer>
  /** Answers a request, unless it wants the answer where no client of NATS has it by itself. */
  answer(request: EngineMessage, data: string): void
  /**
   * Hears messages, also after a reconnection, until the answer is called. `onRefused` is called where the server does not permit it at
   * first; where it does not any more, `trouble` says so, and it is tried again.
   */
  subscribe(subject: string, onMessage: (message: EngineMessage) => void, onRefused?: () => void): () => void
  /**
   * The same as one of all who hear a subject in the same queue, of whom each message reaches one. The answer hears what is on its way still,
   * for half a second at most, and no more. It never rejects.
   */
  join(subject: string, queue: string, onMessage: (message: EngineMessage) => void): () => Promise<void>
  /** Calls the listener once, when the server has taken what was published by now: never where the connection ends before. */
  onceFlushed(listener: () => void): void
  /** Resolves when the server has taken what was published, and what it had for this peer has arrived; at once while there is no connection. */
  flush(): Promise<void>
  /** Calls the listener whenever the connection is lost, or is there again, until the answer is called. */
  follow(listener: (isUp: boolean) => void): () => void
  /** Calls the listener with each subject that the server does not permit to publish to, until the answer is called. */
  followRefusals(listener: (subject: string) => void): () => void
  /** Ends the connection, when what was published has left: after half a second at most. */
  close(): Promise<void>
}
