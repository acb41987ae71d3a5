import { MAX_BUFFERED_BYTES } from '../../wire/limits.js'
import type { SharedLines } from '../../wire/shared-lines.js'
import { FrameWriter } from '../frame-writer.js'
import type { Link } from './link.js'

/** How long a reader may take for what is over the limit, in milliseconds. */
const MAX_CONGESTED_MS = 2_000

/** How far answers to calls that were taken before may pass the limit, so that a burst of large ones is no fault of the reader. */
const MAX_BURST_BYTES = 4 * MAX_BUFFERED_BYTES

/** What an outlet asks of its session. */
export interface OutletOwner {
  /** Too much waits to leave, or no longer. */
  onCongested(): void
  onDrained(): void
  /** The reader is too slow. */
  onSlowReader(): void
}

/**
 * What leaves over one session. While more waits to leave than the limit allows, no call is sent, and the session takes none, or lets them
 * wait: either the reader catches up within two seconds, or it is too slow.
 */
export class Outlet {
  readonly #link: Link
  readonly #owner: OutletOwner
  readonly #writer = new FrameWriter((frame) => this.#send(frame))
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(link: Link, owner: OutletOwner) {
    this.#link = link
    this.#owner = owner
  }

  /** Whether too much waits to leave already. */
  get isCongested(): boolean {
    return this.#timer !== undefined
  }

  write(line: string): void {
    this.#writer.write(line)
  }

  /** Sends lines at once that others are sent too, behind what was gathered: for a reader that is not behind. */
  sendShared(lines: SharedLines): void {
    if (this.#isClosed) return
    this.#writer.flush()
    this.#link.sendShared(lines)
  }

  /** Sends at once what was gathered. */
  flush(): void {
    this.#writer.flush()
  }

  /** Sends nothing any more. */
  close(): void {
    this.#isClosed = true
    this.#endCongestion()
  }

  #send(frame: string): void {
    if (this.#isClosed) return
    const { bufferedBytes } = this.#link
    if (bufferedBytes > MAX_BURST_BYTES) this.#giveUp()
    else if (bufferedBytes <= MAX_BUFFERED_BYTES || this.isCongested) this.#link.send(frame)
    else this.#sendCongested(frame)
  }

  #sendCongested(frame: string): void {
    this.#timer = setTimeout(() => this.#giveUp(), MAX_CONGESTED_MS).unref()
    this.#owner.onCongested()
    this.#link.send(frame, () => this.#endCongestion())
  }

  /** The congestion of such a reader never ends: whatever else it sends is not worth reading, not even while the link closes. */
  #giveUp(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#owner.onSlowReader()
  }

  #endCongestion(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#owner.onDrained()
  }
}
