import type { CallScope, StopReason } from '../../../call/scope/call-scope.js'
import { MAX_SESSION_STREAMS } from '../../../wire/limits.js'
import { createRefusal } from '../../../wire/refusal-record.js'
import type { ArrivedStreamCall, ReceivedStream, ServedStream, WireStreamCall } from '../../../wire/streams.js'
import type { Link } from '../link.js'
import { type StreamMessage, toAnswer, writeError } from '../message.js'
import { AnsweredStream } from './answered-stream.js'
import { CalledStream } from './called-stream.js'
import type { Credit } from './credit.js'
import { isCongested, type OpenStream, type StreamHost } from './open-stream.js'

/** What streams need of their session. */
export interface StreamsOptions {
  readonly link: Link
  readonly write: (line: string) => void
  readonly serve: (call: ArrivedStreamCall) => ServedStream
  /** The other side has sent what no peer sends. */
  readonly onMistake: (reason: string) => void
  /** A stream has ended. */
  readonly onEnd: () => void
}

/** The streams of one session, of both sides, by the ids of their calls. */
export class SessionStreams {
  readonly #options: StreamsOptions
  readonly #host: StreamHost
  readonly #open = new Map<number, OpenStream>()
  /** How many of them the other side has made. */
  #answered = 0

  constructor(options: StreamsOptions) {
    const { link, write, onEnd } = options
    this.#options = options
    this.#host = {
      write,
      isCongested: (resume) => isCongested(link, resume),
      remove: (id) => {
        const stream = this.#open.get(id)
        if (!this.#open.delete(id)) return
        if (stream instanceof AnsweredStream) this.#answered--
        onEnd()
      },
    }
  }

  get isEmpty(): boolean {
    return this.#open.size === 0
  }

  /** Whether a stream of the other side's is being served. */
  get isServing(): boolean {
    return this.#answered > 0
  }

  /** Whether a stream of either side's is open under this id. */
  has(id: number): boolean {
    return this.#open.has(id)
  }

  /** Ends the streams that this side has asked for. */
  stopOurs(reason: StopReason): void {
    for (const stream of [...this.#open.values()]) if (stream instanceof CalledStream) stream.stop(reason)
  }

  /** Sends a call with a stream. */
  call(id: number, call: WireStreamCall, scope: CallScope): ReceivedStream {
    const stream = new CalledStream(id, call, scope, this.#host)
    if (scope.stopped === undefined) this.#open.set(id, stream)
    return stream.output
  }

  /** Serves a call with a stream; one too many is refused. `credit` is what its caller allows at first. */
  serve(id: number, call: Omit<ArrivedStreamCall, 'items'>, credit: Credit | undefined): void {
    if (this.#answered >= MAX_SESSION_STREAMS) {
      const text = `${call.tag} is refused: ${MAX_SESSION_STREAMS} streams of one session are open, which is the limit`
      this.#options.write(writeError(id, createRefusal('resource_exhausted', text)))
      return
    }
    const stream = new AnsweredStream(id, call, this.#options.serve, this.#host)
    this.#open.set(id, stream)
    this.#answered++
    const mistake = stream.start(credit)
    if (mistake !== undefined) this.#options.onMistake(`${mistake}: ${id}`)
  }

  /** Hands over what arrived, an item with its line. Answers false where no stream has its id. */
  receive(message: StreamMessage, line = ''): boolean {
    const stream = this.#open.get(message.id)
    if (stream === undefined) return false
    const mistake = giveMessage(stream, message, line)
    if (mistake !== undefined) this.#options.onMistake(`${mistake}: ${message.id}`)
    return true
  }

  /** The session has ended. */
  lose(explain: (maybeExecuted: boolean) => Error): void {
    for (const stream of [...this.#open.values()]) stream.lose(explain)
  }
}

function giveMessage(stream: OpenStream, message: StreamMessage, line: string): string | undefined {
  switch (message.kind) {
    case 'item':
      return stream.receiveItem(message.item, Buffer.byteLength(line))
    case 'credit':
      return stream.receiveCredit(message.credit)
    case 'end':
      return stream.receiveEnd()
    case 'result':
    case 'error':
    case 'flag':
      return stream.receiveAnswer(toAnswer(message))
    case 'cancel':
      return stream.receiveCancel()
  }
}
