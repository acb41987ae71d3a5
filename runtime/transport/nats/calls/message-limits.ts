import type { FrameLimits } from '../../frame-writer.js'
import type { Engine } from '../engine.js'

/**
 * How many lines the first message of a tick has at least, unless they are very short, or fewer are as long as so many records of 1 KB.
 *
 * Each message costs three processes something: of what the peer that serves spends on a record of 1 KB, and the server beside it, a
 * fifth went to messages of 8 to 16 KiB. With 32 of them in each there are 1.15 times as many records per second at 64 in flight.
 */
const MANY = { lines: 32, length: 32 * 1024 }

/** The same while the other side has nothing to do: it begins with these, and does not wait for the rest. 1.4 times as many at 16 in flight. */
const FEW = { lines: 8, length: 8 * 1024 }

/** So many UTF-16 units have some 20 small calls. */
const FIRST_LENGTH = 512
const MAX_LENGTH = 32 * 1024

/** Three for each unit of UTF-16, twice: the line with which a message becomes long enough may be as long as all before it. */
const BYTES_OF_UNIT = 6

/**
 * Chooses how long the messages of a tick may grow of which each holds the lines of several calls: the server takes any of them. `isIdle`
 * says whether the other side has nothing to do meanwhile.
 */
export function createMessageLimits(engine: Pick<Engine, 'maxBytes'>, isIdle: () => boolean): () => FrameLimits {
  let maxLength = 0
  let few: FrameLimits
  let many: FrameLimits
  return () => {
    // The server may be another one by now.
    const length = Math.min(MAX_LENGTH, Math.floor(engine.maxBytes / BYTES_OF_UNIT))
    if (length !== maxLength) {
      maxLength = length
      const limits = { firstLength: FIRST_LENGTH, maxLength, aloneLength: maxLength }
      few = { ...limits, few: FEW }
      many = { ...limits, few: MANY }
    }
    return isIdle() ? few : many
  }
}
