import type { FlagDescriptor } from '../../api/flag.js'
import { FlagError } from '../../errors/flag-error.js'
import { printValue } from '../../errors/print-value.js'
import { refuse } from '../../errors/refuse.js'

/** A flag on its way out of a handler: interceptors may look at it, and let it through. It leaves no peer as an error. */
export class RaisedFlag extends FlagError {
  readonly descriptor: FlagDescriptor

  constructor(descriptor: FlagDescriptor, data: unknown) {
    super(descriptor.tag, data, `the handler ended its call with the flag ${printValue(descriptor.tag)}`)
    this.descriptor = descriptor
    // For who looks at it, it is the flag and its data.
    Object.defineProperty(this, 'descriptor', { enumerable: false })
  }
}

/** Ends the call that a handler answers, with a flag. Throws `invalid_argument` for what no generated code exports as one. */
export function raiseFlag(descriptor: FlagDescriptor, data: unknown): never {
  checkFlag(descriptor)
  throw new RaisedFlag(descriptor, data)
}

/** Throws `invalid_argument` for what no generated code exports as a flag. */
export function checkFlag(flag: unknown): asserts flag is FlagDescriptor {
  const { tag, load } = (flag ?? {}) as Partial<FlagDescriptor>
  if (typeof tag === 'string' && typeof load === 'function') return
  throw refuse(
    'invalid_argument',
    `flag is ${printValue(flag)}, expected one that \`netgen build\` exports: import it from the generated file`,
  )
}
