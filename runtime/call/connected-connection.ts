import type { Context } from '../api/context.js'
import type { ConnectionDescriptor } from '../api/descriptor.js'
import { LazyChecks } from '../validation/load-checks.js'
import type { StreamSides } from '../wire/streams.js'
import { ConnectionErrors } from './connection-errors.js'

/** A handler, bound to the object that it came from. */
export type BoundHandler = (input: unknown, context: Context) => unknown

/** A connection that a peer knows: to call it, and with a handler to answer it. */
export class ConnectedConnection {
  readonly descriptor: ConnectionDescriptor
  readonly checks: LazyChecks
  /** Which of its sides are streams; undefined where none is. */
  readonly sides: StreamSides | undefined
  handler: BoundHandler | undefined
  /** Whether the handler is known to answer with a promise; undefined before it has run. */
  answersLater: boolean | undefined
  #errors: ConnectionErrors | undefined

  constructor(descriptor: ConnectionDescriptor) {
    this.descriptor = descriptor
    this.checks = new LazyChecks(descriptor.tag, descriptor.load)
    this.sides = readSides(descriptor)
  }

  get tag(): string {
    return this.descriptor.tag
  }

  /** The declared errors, once the checks are loaded: before that no handler has run, and no answer has come. */
  get errors(): ConnectionErrors | undefined {
    const { loaded } = this.checks
    if (loaded !== undefined) this.#errors ??= new ConnectionErrors(this.descriptor.errors, loaded)
    return this.#errors
  }
}

function readSides({ input, output }: ConnectionDescriptor): StreamSides | undefined {
  if (input === 'stream') return output === 'stream' ? 'both' : 'input'
  return output === 'stream' ? 'output' : undefined
}
