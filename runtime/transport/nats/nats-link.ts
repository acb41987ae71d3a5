import { isUtf8 } from 'node:buffer'
import { MAX_ANSWER_BYTES, MAX_BUFFERED_BYTES } from '../../wire/limits.js'
import type { SharedLines } from '../../wire/shared-lines.js'
import {
  CLOSE_PROTOCOL_ERROR,
  CLOSE_SLOW_CONSUMER,
  type CloseCode,
  type Closing,
  type Link,
  type LinkListener,
} from '../session/link.js'
import type { Engine, EngineMessage } from './engine.js'
import { UnsentBytes } from './unsent-bytes.js'

/** How often the other end is asked whether it is there, in milliseconds. */
const PING_MS = 700

/** After how many of these without anything heard the other end counts as gone. Counted, since a process that was stopped is late with them. */
const MAX_SILENT_BEATS = 3

/** The longest frame, as over WebSockets: the longest message and its brackets, id and tag. */
const MAX_FRAME_BYTES = MAX_ANSWER_BYTES + 4 * 1024

/** How much may wait while nothing may arrive, in bytes: NATS does not hold it back. */
const MAX_WAITING_BYTES = 4 * MAX_BUFFERED_BYTES

/** What a message takes besides its bytes, about, so that many small ones count too. */
const MESSAGE_BYTES = 200

/** A number, and a sign that more follows. */
const MAX_HEAD_LENGTH = 16

/** RFC 6455, section 7.1.5: no close frame came. */
const CLOSE_ABNORMAL = 1006

const LF = 0x0a

/** What a message says besides its text. */
const MORE = '+'
const CLOSE = '!'
const PING = '?'

/**
 * A link over two subjects. A message is `<number>[+]`, LF and the bytes of a frame, of which more follow where there is a plus;
 * `?`, which asks whether somebody is there, or `!<code> <reason>`, which closes. NATS keeps their order, and may drop some: where a
 * number is missing, the link has ended.
 */
export class NatsLink implements Link {
  readonly #engine: Engine
  readonly #here: string
  #there = ''
  readonly #ends: (() => void)[]
  readonly #onEnd: () => void
  #timer: NodeJS.Timeout | undefined
  #listener: LinkListener | undefined
  /** What arrives before somebody listens, or while nothing may. */
  #waiting: EngineMessage[] = []
  #waitingBytes = 0
  #isPaused = true
  readonly #unsent: UnsentBytes
  #lastSent = 0
  #lastReceived = 0
  #parts: Uint8Array[] = []
  #partBytes = 0
  #silentBeats = 0
  #closing: Closing | undefined

  /** Listens on a subject from now on. `onEnd` is called when it has ended, in whatever way. */
  constructor(engine: Engine, here: string, onEnd: () => void = () => {}) {
    this.#engine = engine
    this.#unsent = new UnsentBytes((listener) => engine.onceFlushed(listener))
    this.#onEnd = onEnd
    this.#here = here
    this.#ends = [
      engine.subscribe(here, (message) => this.#receive(message)),
      engine.follow((isUp) => {
        if (!isUp) this.#end({ code: CLOSE_ABNORMAL, reason: '', by: 'there' })
      }),
    ]
  }

  /** Where the other end listens. To be called once, before anything is sent: frames of the other end may come before. */
  aim(there: string): void {
    if (this.isClosed) return
    this.#there = there
    this.#timer = setInterval(() => this.#beat(), PING_MS).unref()
  }

  /** Whether it has ended: it may before somebody listens. */
  get isClosed(): boolean {
    return this.#closing !== undefined
  }

  get bufferedBytes(): number {
    return this.#unsent.bytes
  }

  listen(listener: LinkListener): void {
    this.#listener = listener
    if (this.#closing !== undefined) this.#tell(this.#closing)
    this.resume()
  }

  send(frame: string, onSent?: () => void): void {
    if (this.isClosed) return
    // Three bytes at most for each: what is certainly short enough needs no second look.
    if (frame.length * 3 + 32 <= this.#engine.maxBytes) {
      this.#publish(`${++this.#lastSent}\n${frame}`)
    } else this.#sendParts(Buffer.from(frame))
    if (onSent !== undefined) this.#engine.onceFlushed(onSent)
  }

  sendShared(lines: SharedLines): void {
    if (!this.isClosed) this.#sendParts(lines.bytes)
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    while (!this.#isPaused) {
      const message = this.#waiting.shift()
      if (message === undefined) return
      this.#waitingBytes -= message.data.length + MESSAGE_BYTES
      this.#take(message)
    }
  }

  close(code: CloseCode, reason: string): void {
    if (this.isClosed) return
    // Before it knows where the other end is, there is nobody to tell.
    if (this.#there !== '') this.#engine.publish(this.#there, `${CLOSE}${code} ${reason}`)
    this.#end({ code, reason, by: 'here' })
  }

  terminate(): void {
    this.#end({ code: CLOSE_ABNORMAL, reason: '', by: 'here' })
  }

  onceDrained(listener: () => void): void {
    if (!this.isClosed) this.#engine.onceFlushed(listener)
  }

  #sendParts(bytes: Buffer): void {
    const size = this.#engine.maxBytes - 32
    for (let start = 0; start < bytes.length; start += size) {
      const isLast = start + size >= bytes.length
      const head = Buffer.from(`${++this.#lastSent}${isLast ? '' : MORE}\n`)
      this.#publish(Buffer.concat([head, bytes.subarray(start, start + size)]))
    }
  }

  #publish(message: string | Buffer): void {
    this.#unsent.add(message.length)
    this.#engine.publish(this.#there, message)
  }

  #receive(message: EngineMessage): void {
    const { data, reply } = message
    this.#silentBeats = 0
    // NATS answers so for itself where nobody listens to what was asked.
    if (data.length === 0) this.#end({ code: CLOSE_ABNORMAL, reason: '', by: 'there' })
    else if (data[0] === PING.charCodeAt(0)) this.#answerPing(reply)
    else if (this.#isPaused) this.#keep(message)
    else this.#take(message)
  }

  #keep(message: EngineMessage): void {
    this.#waiting.push(message)
    this.#waitingBytes += message.data.length + MESSAGE_BYTES
    if (this.#waitingBytes > MAX_WAITING_BYTES) this.close(CLOSE_SLOW_CONSUMER, 'the reader is too slow')
  }

  #take({ data }: EngineMessage): void {
    if (this.isClosed) return
    if (data[0] === CLOSE.charCodeAt(0)) this.#end(readClosing(data))
    else this.#takeFrame(data)
  }

  #takeFrame(data: Uint8Array): void {
    const end = data.subarray(0, MAX_HEAD_LENGTH + 1).indexOf(LF)
    const head = /^(\d{1,15})(\+?)$/.exec(Buffer.from(data.subarray(0, Math.max(end, 0))).toString('latin1'))
    const part = data.subarray(end + 1)
    this.#partBytes += part.length
    if (head === null || part.length === 0 || this.#partBytes > MAX_FRAME_BYTES) {
      this.close(CLOSE_PROTOCOL_ERROR, 'a message is no part of a frame')
      return
    }
    if (Number(head[1]) !== this.#lastReceived + 1) {
      this.#end({ code: CLOSE_ABNORMAL, reason: '', by: 'there' })
      return
    }
    this.#lastReceived++
    this.#parts.push(part)
    if (head[2] === MORE) return
    const frame = this.#parts.length === 1 ? part : Buffer.concat(this.#parts)
    this.#parts = []
    this.#partBytes = 0
    if (isUtf8(frame)) this.#listener?.onFrame(Buffer.from(frame.buffer, frame.byteOffset, frame.length).toString())
    else this.close(CLOSE_PROTOCOL_ERROR, 'a frame is not UTF-8')
  }

  #beat(): void {
    if (this.#silentBeats >= MAX_SILENT_BEATS) this.#end({ code: CLOSE_ABNORMAL, reason: '', by: 'there' })
    else this.#engine.publish(this.#there, PING, this.#here)
    this.#silentBeats++
  }

  #answerPing(reply: string | undefined): void {
    if (reply !== undefined && this.#there !== '') this.#engine.publish(this.#there, PING)
  }

  #end(closing: Closing): void {
    if (this.isClosed) return
    this.#closing = closing
    clearInterval(this.#timer)
    for (const end of this.#ends) end()
    this.#waiting = []
    this.#parts = []
    this.#onEnd()
    this.#tell(closing)
  }

  /** Later: whoever closes it, or begins to listen, does not expect to be told before that is done. Who listens later is told then. */
  #tell(closing: Closing): void {
    const listener = this.#listener
    if (listener !== undefined) queueMicrotask(() => listener.onClose(closing))
  }
}

function readClosing(data: Uint8Array): Closing {
  const [, code, reason] = /^!(\d{4}) (.{0,200})/s.exec(Buffer.from(data).toString()) ?? []
  return { code: Number(code ?? CLOSE_ABNORMAL), reason: reason ?? '', by: 'there' }
}
