import type { FrameLimits } from '../../frame-writer.js'
import type { Engine } from '../engine.js'

/**
 * How long the first message of a tick may grow, and any, in UTF-16 units. Each costs three processes something: with 1 KiB and 8 KiB, as over
 * a session, 0.75 times the records of 1 KB per second at 16 in flight, and 0.87 times at 64 and at 256.
 */
const FIRST_LENGTH = 8 * 1024
const MAX_LENGTH = 16 * 1024

/** Three for each unit of UTF-16, twice: the line with which a message becomes long enough may be as long as all before it. */
const BYTES_OF_UNIT = 6

/** How long messages may grow of which each holds the lines of several calls: the server takes any of them. */
export class MessageLimits implements FrameLimits {
  readonly firstLength: number = FIRST_LENGTH
  readonly #engine: Pick<Engine, 'maxBytes'>

  constructor(engine: Pick<Engine, 'maxBytes'>) {
    this.#engine = engine
  }

  /** The server may be another one by now. */
  get maxLength(): number {
    return Math.min(MAX_LENGTH, Math.floor(this.#engine.maxBytes / BYTES_OF_UNIT))
  }

  get aloneLength(): number {
    return this.maxLength
  }
}
