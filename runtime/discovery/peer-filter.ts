import type { PeerFilter } from '../api/peer.js'
import type { RemotePeer } from '../api/remote-peer.js'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import { suggest } from '../errors/suggest.js'

const KNOWN: readonly (keyof PeerFilter)[] = ['groups', 'hubsOnly', 'onHost', 'refresh']

/**
 * Whether a peer fits a filter, whose groups are the given one where it names none.
 *
 * Throws `invalid_argument` for an unknown key or a value that it does not take: a mistyped filter would find other peers.
 */
export function createFilter(filter: PeerFilter, ownGroup: string): (peer: RemotePeer) => boolean {
  for (const key of Object.keys(filter)) if (!KNOWN.some((known) => known === key)) throw refuseKey(key)
  const { groups = ownGroup, hubsOnly = false, onHost, refresh = false } = filter
  const wanted = typeof groups === 'string' ? [groups] : groups
  if (!Array.isArray(wanted) || !wanted.every((group) => typeof group === 'string')) {
    throw refuseValue('groups', groups, 'a text or a list of texts')
  }
  if (typeof hubsOnly !== 'boolean') throw refuseValue('hubsOnly', hubsOnly, 'true or false')
  if (onHost !== undefined && typeof onHost !== 'string') throw refuseValue('onHost', onHost, 'a text')
  if (typeof refresh !== 'boolean') throw refuseValue('refresh', refresh, 'true or false')
  return (peer) =>
    wanted.includes(peer.group) && (!hubsOnly || peer.hub) && (onHost === undefined || peer.host === onHost)
}

function refuseKey(key: string): Error {
  const near = suggest(key, KNOWN)
  const hint = near === undefined ? `expected ${KNOWN.join(', ')}` : `did you mean ${printValue(near)}?`
  return refuse('invalid_argument', `filter ${printValue(key)} of peers is unknown: ${hint}`)
}

function refuseValue(key: string, value: unknown, expected: string): Error {
  return refuse('invalid_argument', `filter ${printValue(key)} of peers is ${printValue(value)}, expected ${expected}`)
}
