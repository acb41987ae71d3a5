import { parseAddress } from '../api/address.js'
import { readAny } from '../api/any-peer.js'
import type { RemotePeer } from '../api/remote-peer.js'
import type { ConnectedConnection } from '../call/connected-connection.js'
import type { CallScope } from '../call/scope/call-scope.js'
import type { Chooser } from '../discovery/chooser.js'
import type { PeerTable } from '../discovery/peer-table.js'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import type { Transport } from '../transport/transport.js'

/** What a target is looked up in. */
export interface Surroundings {
  readonly self: RemotePeer
  readonly table: PeerTable
  readonly transport: Transport
  readonly chooser: Chooser
}

/**
 * The peer that a call's `peer` means: a peer as `peers()` gave it, an id, `host:port`, or, for a call of a connection, one that
 * `any()` has it choose.
 *
 * Throws `invalid_argument` for anything else, and for a text that is no address and can be no id. Rejects with `not_found` for an id
 * that nobody has, and as `identify` does for an address.
 */
export function resolveTarget(
  target: unknown,
  surroundings: Surroundings,
  scope: CallScope,
  connection?: ConnectedConnection,
): RemotePeer | Promise<RemotePeer> {
  const { self, table, transport, chooser } = surroundings
  if (typeof target === 'string') {
    if (target === self.id) return self
    const address = parseAddress(target)
    if (address !== undefined) return scope.race(transport.identify(address, scope.timeLeftMs))
    refuseNoId(target)
    return scope.race(table.find(target))
  }
  if (isPeer(target)) return target
  if (connection !== undefined && typeof target === 'object' && target !== null) {
    const filter = readAny(target)
    if (filter !== undefined) return chooser.choose(filter, connection, scope)
  }
  const others = connection === undefined ? 'or host:port' : 'host:port or any()'
  throw refuse(
    'invalid_argument',
    `peer is ${printValue(target)}, expected a peer from peer.peers(), its id, ${others}`,
  )
}

/** Refuses what was meant to be an address: no id is empty, has a colon or a blank, or is as short as a port. */
function refuseNoId(target: string): void {
  if (target.includes('://')) {
    throw refuse('invalid_argument', `peer ${printValue(target)} is a URL, expected host:port alone`)
  }
  if (!/^$|[:\s]|^\d{1,5}$/.test(target)) return
  throw refuse(
    'invalid_argument',
    `peer ${printValue(target)} is no address: expected host:port, such as 127.0.0.1:3010 or [::1]:3010`,
  )
}

function isPeer(value: unknown): value is RemotePeer {
  if (typeof value !== 'object' || value === null) return false
  const { id, host, port } = value as Partial<RemotePeer>
  return typeof id === 'string' && typeof host === 'string' && typeof port === 'number'
}
