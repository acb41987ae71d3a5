import type { Context } from 'netgen/runtime'
import type { Event, StreamsHandlers } from '../../../fixtures/behaviour/generated/streams.js'

/** Handlers of streams that remember what they were asked for, and how they ended. A test may put its own in their place. */
export class StreamHandlers implements StreamsHandlers {
  /** What happened, in order. */
  readonly told: string[] = []
  readonly contexts: Context[] = []
  /** How many items were made. */
  made = 0

  onCount = async function* (this: StreamHandlers, many: number): AsyncGenerator<number> {
    for (let number = 0; number < many; number++) {
      this.made++
      yield number
    }
  }
  onFollow: (context: Context) => AsyncIterable<Event> = async function* () {}
  onSum: (input: AsyncIterable<number>, context: Context) => number | Promise<number> = async (input) => {
    let sum = 0
    for await (const number of input) sum += number
    return sum
  }
  onDouble: (input: AsyncIterable<number>) => AsyncIterable<number> = async function* (input) {
    for await (const number of input) yield number * 2
  }

  async *count({ many }: { many: number }, context: Context): AsyncGenerator<number> {
    this.told.push('count begins')
    this.contexts.push(context)
    try {
      yield* this.onCount(many)
      this.told.push('count is done')
    } finally {
      this.told.push('count is closed')
    }
  }

  follow(context: Context): AsyncIterable<Event> {
    this.contexts.push(context)
    return this.onFollow(context)
  }

  sum(input: AsyncIterable<number>, context: Context): number | Promise<number> {
    this.contexts.push(context)
    return this.onSum(input, context)
  }

  async record(input: AsyncIterable<Event>): Promise<void> {
    for await (const { name, at } of input) this.told.push(`${name} in ${at.getUTCFullYear()}`)
  }

  double(input: AsyncIterable<number>, context: Context): AsyncIterable<number> {
    this.contexts.push(context)
    return this.onDouble(input)
  }

  async *echo(input: AsyncIterable<unknown>): AsyncGenerator<unknown> {
    yield* input
  }

  async *brief(context: Context): AsyncGenerator<number> {
    this.contexts.push(context)
    try {
      yield 1
      await waitForAbort(context.signal)
    } finally {
      this.told.push('brief is closed')
    }
  }
}

/** Ends when the signal fires, by throwing its reason. */
export function waitForAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
