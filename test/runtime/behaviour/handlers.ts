import { setTimeout as sleep } from 'node:timers/promises'
import { type Context, NetgenError } from 'netgen/runtime'
import {
  DiskFullError,
  LockedError,
  type Note,
  type SchemaHandlers,
} from '../../../fixtures/behaviour/generated/schema.js'

class TeapotError extends Error {
  override name = 'TeapotError'
}

const FAILURES: Readonly<Record<string, () => unknown>> = {
  type: () => new TypeError('no such thing'),
  plain: () => new Error('just so'),
  own: () => new TeapotError('short and stout'),
  cause: () => new RangeError('outer', { cause: new SyntaxError('inner', { cause: 'a text' }) }),
  aggregate: () => new AggregateError([new TypeError('one'), new Error('two')], 'both'),
  nothing: () => undefined,
  text: () => 'a text',
  canceled: () => new NetgenError('canceled', 'the user has left'),
  undeclared: () => new DiskFullError({ freeBytes: 1 }),
}

/** Handlers that do what the behaviour suite asks of them, and remember what ran. */
export class Handlers implements SchemaHandlers {
  readonly ran: string[] = []
  readonly contexts: Context[] = []
  aborted: unknown[] = []
  readonly finished: string[] = []

  add({ left, right }: { left: number; right: number }, context: Context): number {
    this.ran.push('add')
    this.contexts.push(context)
    return left + right
  }

  greet(): string {
    this.ran.push('greet')
    return 'hello'
  }

  async forget(text: string): Promise<void> {
    this.ran.push(`forget ${text}`)
  }

  echo(value: unknown): unknown {
    this.ran.push('echo')
    return value
  }

  keep(note: Note): Note {
    this.ran.push('keep')
    if (note.id === 'full') throw new DiskFullError({ freeBytes: 7 })
    if (note.id === 'locked') throw new LockedError({ by: 'ada' }, { message: 'try later', cause: new Error('why') })
    if (note.id === 'wrong') throw new LockedError({ by: 1 as unknown as string })
    return note
  }

  fail(kind: string): void {
    this.ran.push('fail')
    throw FAILURES[kind]?.()
  }

  async wait({ ms }: { ms: number }, context: Context): Promise<string> {
    this.ran.push('wait')
    try {
      await sleep(ms, undefined, { signal: context.signal })
      this.finished.push('wait')
      return 'waited'
    } catch (error) {
      this.aborted.push(context.signal.reason)
      throw error
    }
  }

  async put({ name, text }: { name: string; text: string }): Promise<string> {
    this.ran.push(`put ${name}`)
    return text
  }

  lie(): number {
    this.ran.push('lie')
    return 1.5
  }

  renamed(): string {
    return 'found'
  }
}
