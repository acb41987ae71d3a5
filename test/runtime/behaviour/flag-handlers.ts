import type { Context, FlagDescriptor } from 'netgen/runtime'
import { busy, type FlagsHandlers, quotaReached } from '../../../fixtures/behaviour/generated/flags.js'

export const QUOTA = { limit: 5, resetsAt: new Date('2030-01-01T00:00:00.000Z') }

/** A flag of a schema that nobody connects. */
export const unheardOf: FlagDescriptor<{ limit: number; resetsAt: Date }> = { ...quotaReached, tag: 'unheard.of' }

/** Handlers that end their calls as they are told to. */
export class FlagsOf implements FlagsHandlers {
  readonly ran: string[] = []

  ask(how: string, context: Context): unknown {
    this.ran.push(how)
    switch (how) {
      case 'quota':
        return context.flag(quotaReached, QUOTA)
      case 'busy':
        return context.flag(busy)
      case 'unheard of':
        return context.flag(unheardOf, QUOTA)
      case 'wrong data':
        return context.flag(quotaReached, { limit: 0, resetsAt: QUOTA.resetsAt })
      case 'no data':
        return context.flag(quotaReached, undefined as never)
      case 'no flag':
        return context.flag('busy' as never)
      case 'like a flag':
        return { flag: quotaReached.tag, data: QUOTA.limit }
      case 'like an error':
        return { error: { code: 'internal', message: 'no' } }
      default:
        return 'NULL'
    }
  }

  async askNumber(how: string, context: Context): Promise<number> {
    await new Promise(setImmediate)
    return this.ask(how, context) as number
  }

  tell(how: string, context: Context): void {
    this.ask(how, context)
  }

  askOnce(how: string, context: Context): number {
    return this.ask(how, context) as number
  }

  async *count(how: string, context: Context): AsyncGenerator<number> {
    if (how === 'busy at once') context.flag(busy)
    yield* [1, 2, 3]
    this.ask(how, context)
  }

  async sum(numbers: AsyncIterable<number>, context: Context): Promise<number> {
    let total = 0
    for await (const number of numbers) {
      if (number < 0) context.flag(quotaReached, QUOTA)
      total += number
    }
    return total
  }
}
