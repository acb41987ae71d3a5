import type { ConnectionDescriptor } from '../api/descriptor.js'

const called = new WeakMap<object, ConnectionDescriptor>()

/** Notes which connection a stub's function calls. */
export function noteCalled(stub: object, descriptor: ConnectionDescriptor): void {
  called.set(stub, descriptor)
}

/** The connection that a stub's function calls; undefined for any other function. */
export function findCalled(stub: object): ConnectionDescriptor | undefined {
  return called.get(stub)
}
