import type { ReceivedAnswer } from '../../wire/exchange.js'
import { readFlag } from '../../wire/flag.js'
import { decodeObject, type JsonObject } from '../../wire/json-object.js'
import { ERROR_RECORD_DEPTH, MAX_ANSWER_BYTES, MAX_DEPTH } from '../../wire/limits.js'
import { readErrorRecord } from '../../wire/read-error-record.js'
import type { Pulled, ReceivedStream } from '../../wire/streams.js'
import type { BodyFlow, BodyReader } from './http-exchange.js'
import { LineBuffer } from './line-buffer.js'

/** How much may wait to be read before the other side has to wait too, in bytes. */
const MAX_WAITING_BYTES = 256 * 1024

/** A line around its item. */
const MAX_LINE_EXTRA_BYTES = 32

/** How to make {@link ReceivedLines}. */
export interface ReceivedLinesOptions {
  /** The error for an answer that no peer would have given. */
  readonly refuse: (problem: string) => Error
  /** The error for a connection that failed. */
  readonly explain: (error: Error) => Error
}

/**
 * The answer to a call whose output is a stream, as it comes over HTTP: one line of JSON for each item, `{"item":…}`, then a last
 * one, `{"end":true}`, `{"error":…}` or `{"flag":"…","data":…}`. Without that the answer is not whole.
 */
export class ReceivedLines implements ReceivedStream, BodyReader {
  readonly #options: ReceivedLinesOptions
  readonly #lines = new LineBuffer()
  #flow: BodyFlow | undefined
  #isPaused = false
  /** The last line was read. */
  #isOver = false
  #waiting:
    | { readonly resolve: (pulled: Pulled<unknown, ReceivedAnswer>) => void; readonly reject: (error: Error) => void }
    | undefined
  /** What comes behind the lines that wait. */
  #ending: { readonly answer: ReceivedAnswer } | { readonly error: Error } | undefined

  constructor(options: ReceivedLinesOptions) {
    this.#options = options
  }

  /** Whether the answer comes line by line. */
  get hasBegun(): boolean {
    return this.#flow !== undefined
  }

  pull(): Promise<Pulled<unknown, ReceivedAnswer>> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#settle()
    })
  }

  /** The answer came as a whole, in place of a stream. */
  answer(answer: ReceivedAnswer): void {
    this.#ending ??= { answer }
    this.#settle()
  }

  /** Nobody reads on: a pull that waits, and each that follows, rejects. */
  stop(error: Error): void {
    this.#ending = { error }
    this.#lines.clear()
    this.#settle()
  }

  onStart(flow: BodyFlow): void {
    this.#flow = flow
  }

  onData(chunk: Buffer): void {
    if (this.#isOver) {
      this.#fail('it goes on behind its last line')
      return
    }
    this.#lines.push(chunk)
    this.#settle()
    if (this.#lines.partBytes > MAX_ANSWER_BYTES + MAX_LINE_EXTRA_BYTES) this.#fail('a line is too long')
    else if (!this.#isPaused && this.#lines.bytes - this.#lines.partBytes > MAX_WAITING_BYTES) {
      this.#isPaused = true
      this.#flow?.pause()
    }
  }

  onEnd(): void {
    this.#ending ??= { error: this.#options.refuse('it ended before its last line') }
    this.#settle()
  }

  onError(error: Error): void {
    this.#ending ??= { error: this.#options.explain(error) }
    this.#settle()
  }

  #settle(): void {
    const waiting = this.#waiting
    if (waiting === undefined) return
    const pulled = this.#next()
    if (pulled === undefined) return
    this.#waiting = undefined
    if ('error' in pulled) waiting.reject(pulled.error)
    else waiting.resolve(pulled)
  }

  #next(): Pulled<unknown, ReceivedAnswer> | { readonly error: Error } | undefined {
    const line = this.#lines.take()
    if (line !== undefined) {
      this.#resume()
      return this.#read(line)
    }
    this.#resume()
    if (this.#ending === undefined || 'error' in this.#ending) return this.#ending
    return { done: true, value: this.#ending.answer }
  }

  #read(line: Buffer): Pulled<unknown, ReceivedAnswer> | { readonly error: Error } {
    const value = parseLine(line)
    if (value !== undefined && 'item' in value) return { done: false, value: value['item'] }
    this.#isOver = true
    const error = value !== undefined && 'error' in value ? readErrorRecord(value['error']) : undefined
    if (error !== undefined) return { done: true, value: { ok: false, error } }
    const flag = readFlag(value)
    if (flag !== undefined) return { done: true, value: { ok: false, flag } }
    if (value?.['end'] === true) return { done: true, value: { ok: true, value: null } }
    return { error: this.#options.refuse('a line is neither an item nor an end') }
  }

  #resume(): void {
    if (!this.#isPaused || this.#lines.bytes - this.#lines.partBytes > MAX_WAITING_BYTES / 2) return
    this.#isPaused = false
    this.#flow?.resume()
  }

  #fail(problem: string): void {
    const error = this.#options.refuse(problem)
    this.stop(error)
    this.#flow?.abort(error)
  }
}

const ITEM = Buffer.from('{"item"')

function parseLine(line: Buffer): JsonObject | undefined {
  // An item is one level inside its line; an error's data is inside a record.
  const isItem = line.subarray(0, ITEM.length).equals(ITEM)
  return decodeObject(line, MAX_DEPTH + (isItem ? 1 : ERROR_RECORD_DEPTH))
}
