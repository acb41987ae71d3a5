import type { Context } from '../api/context.js'
import type { ConnectionDescriptor } from '../api/descriptor.js'
import type { DeclaredErrorClass } from '../errors/declared-error.js'
import { LazyChecks } from '../validation/load-checks.js'
import type { ConnectionChecks } from '../validation/validate.js'
import type { DeclaredErrors } from '../wire/revive-error.js'

/** A handler, bound to the object that it came from. */
export type BoundHandler = (input: unknown, context: Context) => unknown

/** A connection that a peer knows: to call it, and with a handler to answer it. */
export class ConnectedConnection {
  readonly descriptor: ConnectionDescriptor
  readonly checks: LazyChecks
  handler: BoundHandler | undefined

  constructor(descriptor: ConnectionDescriptor) {
    this.descriptor = descriptor
    this.checks = new LazyChecks(descriptor.tag, descriptor.load)
  }

  get tag(): string {
    return this.descriptor.tag
  }

  /** The connection's declared errors, as checks that are already loaded see them. */
  declaredErrors(checks: ConnectionChecks): DeclaredErrors {
    const classes = new Map<string, DeclaredErrorClass>(this.descriptor.errors.map((type) => [type.errorName, type]))
    return {
      find: (errorName) => classes.get(errorName),
      accepts: (errorName, data) =>
        Object.hasOwn(checks.errors, errorName) && (checks.errors[errorName]?.(data) ?? false),
    }
  }
}
