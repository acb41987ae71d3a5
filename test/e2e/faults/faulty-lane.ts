import type { Socket } from 'node:net'
import type { Fault } from './fault.js'

/** A piece on its way. */
interface Piece {
  readonly bytes: Buffer
  readonly dueAtMs: number
}

/** How much may be on its way before the sender has to wait, in bytes. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024

/** What the lanes of a connection ask of it. */
export interface LaneOwner {
  /** As it is just now. */
  readonly fault: Fault
  /** A piece was swallowed: what comes behind it makes no sense any more. */
  onSwallowed(): void
  /** The connection has to be reset now. */
  reset(): void
  /** The connection has to be ended now. */
  end(): void
}

/** One direction of one connection: what arrives from a socket leaves to another, as the fault has it at the moment of its arrival. */
export class FaultyLane {
  readonly #owner: LaneOwner
  readonly #from: Socket
  readonly #to: Socket
  /** Whether it is the direction in which the peer that was called answers. */
  readonly #isAnswer: boolean
  readonly #pieces: Piece[] = []
  #waitingBytes = 0
  #lastDueAtMs = 0
  #timer: NodeJS.Timeout | undefined
  /** How much came since the answer is being truncated. */
  #truncatedBytes = 0
  #isEnding = false
  #isClosed = false

  constructor(owner: LaneOwner, from: Socket, to: Socket, isAnswer: boolean) {
    this.#owner = owner
    this.#from = from
    this.#to = to
    this.#isAnswer = isAnswer
    from.on('data', (bytes) => this.#receive(bytes))
    from.on('end', () => this.#receiveEnd())
  }

  /** Nothing of it leaves any more; what arrives goes nowhere. */
  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#pieces.length = 0
  }

  #receive(bytes: Buffer): void {
    if (this.#isClosed) return
    const { fault } = this.#owner
    const nowMs = performance.now()
    switch (fault.kind) {
      case 'timeout':
        this.#owner.onSwallowed()
        return
      case 'reset':
        if (this.#isAnswer) this.#owner.reset()
        else this.#push(bytes, nowMs)
        return
      case 'truncation':
        this.#truncate(bytes, fault.bytes, nowMs)
        return
      case 'latency':
        this.#push(bytes, nowMs + fault.delayMs)
        return
      case 'jitter':
        this.#push(bytes, nowMs + Math.random() * fault.delayMs)
        return
      case 'bandwidth':
        this.#push(bytes, Math.max(nowMs, this.#lastDueAtMs) + (bytes.length / fault.bytesPerSecond) * 1_000)
        return
      case 'slicing':
        for (let at = 0; at < bytes.length; at += fault.bytes) {
          this.#push(bytes.subarray(at, at + fault.bytes), nowMs)
        }
        return
      default:
        this.#push(bytes, nowMs)
    }
  }

  #truncate(bytes: Buffer, limit: number, nowMs: number): void {
    if (this.#isAnswer) this.#truncatedBytes += bytes.length
    const excess = this.#truncatedBytes - limit
    this.#push(excess > 0 ? bytes.subarray(0, Math.max(0, bytes.length - excess)) : bytes, nowMs)
    if (excess > 0) this.#owner.end()
  }

  /** Pieces never overtake each other. */
  #push(bytes: Buffer, dueAtMs: number): void {
    this.#lastDueAtMs = Math.max(this.#lastDueAtMs, dueAtMs)
    this.#pieces.push({ bytes, dueAtMs: this.#lastDueAtMs })
    this.#waitingBytes += bytes.length
    if (this.#waitingBytes > MAX_WAITING_BYTES) this.#from.pause()
    if (this.#timer === undefined) this.#pass()
  }

  #pass(): void {
    this.#timer = undefined
    for (let [next] = this.#pieces; next !== undefined; [next] = this.#pieces) {
      const waitMs = next.dueAtMs - performance.now()
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#pass(), waitMs)
        return
      }
      this.#pieces.shift()
      this.#waitingBytes -= next.bytes.length
      if (!this.#to.write(next.bytes)) {
        this.#from.pause()
        this.#to.once('drain', () => this.#from.resume())
      } else if (this.#waitingBytes <= MAX_WAITING_BYTES / 2) this.#from.resume()
      // Each slice of its own leaves in a packet of its own.
      if (this.#owner.fault.kind === 'slicing' && this.#pieces.length > 0) {
        this.#timer = setTimeout(() => this.#pass())
        return
      }
    }
    if (this.#isEnding) this.#to.end()
  }

  #receiveEnd(): void {
    if (this.#isClosed) return
    const { fault } = this.#owner
    if (fault.kind === 'timeout') {
      this.#owner.onSwallowed()
      return
    }
    const delayMs = fault.kind === 'slow close' ? fault.delayMs : 0
    this.#isEnding = true
    this.#push(Buffer.alloc(0), performance.now() + delayMs)
  }
}
