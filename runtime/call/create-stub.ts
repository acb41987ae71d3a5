import type { PeerResult } from '../api/call.js'
import { type CallSite, captureCallSite } from '../traceback/call-site.js'
import type { ConnectedConnection } from './connected-connection.js'
import type { ConnectedSchema } from './connections.js'

/** How a stub's functions are run: with the arguments as they came, none of them checked yet. */
export interface Runner {
  one(connection: ConnectedConnection, args: readonly unknown[], site: CallSite): Promise<unknown>
  all(connection: ConnectedConnection, args: readonly unknown[], site: CallSite): Promise<PeerResult<unknown>[]>
}

/** The stub of a schema: a frozen object with one function per connection, each with its `all`. */
export function createStub(schema: ConnectedSchema, runner: Runner): object {
  const entries = schema.connections.map((connection) => [connection.descriptor.name, createCall(connection, runner)])
  return Object.freeze(Object.fromEntries(entries))
}

function createCall(connection: ConnectedConnection, runner: Runner): object {
  // The call site is captured here, while the caller is still on the stack.
  const one = (...args: unknown[]): Promise<unknown> => runner.one(connection, args, captureCallSite(one))
  const all = (...args: unknown[]): Promise<unknown> => runner.all(connection, args, captureCallSite(all))
  return Object.freeze(Object.assign(one, { all }))
}
