import type { AnyFilter } from '../api/any-peer.js'
import type { PeerFilter, WatchFilter, WatchOptions } from '../api/peer.js'
import type { RemotePeer } from '../api/remote-peer.js'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import { hintAt } from '../errors/suggest.js'
import { type Need, readNeeds } from './served-by.js'

const WATCH_KEYS: readonly (keyof WatchFilter & keyof AnyFilter)[] = ['groups', 'hubsOnly', 'onHost', 'has']
const KEYS: readonly (keyof PeerFilter)[] = [...WATCH_KEYS, 'refresh']

/** What is wanted of peers. */
export interface PeerQuery {
  /** Whether a peer fits by what it is. */
  readonly fits: (peer: RemotePeer) => boolean
  /** What it has to serve; empty: nothing in particular. */
  readonly needs: readonly Need[]
}

/**
 * Reads a filter, whose groups are the given one where it names none.
 *
 * Throws `invalid_argument` for an unknown key or a value that it does not take: a mistyped filter would find other peers.
 */
export function readPeerFilter(filter: PeerFilter, ownGroup: string): PeerQuery {
  const query = readFilter(filter, ownGroup, KEYS)
  const { refresh = false } = filter
  if (typeof refresh !== 'boolean') throw refuseValue('refresh', refresh, 'true or false')
  return query
}

/** The same for peers that are followed: nothing is looked up for them when they are asked for. */
export function readWatchFilter(filter: WatchFilter, ownGroup: string): PeerQuery {
  return readFilter(filter, ownGroup, WATCH_KEYS)
}

/** The same for peers of whom one is chosen. */
export function readAnyFilter(filter: AnyFilter, ownGroup: string): PeerQuery {
  return readFilter(filter, ownGroup, WATCH_KEYS)
}

/** Reads how peers are followed. Throws `invalid_argument` for an unknown key, and for a signal that is none. */
export function readWatchSignal(options: WatchOptions): AbortSignal | undefined {
  for (const key of Object.keys(options)) {
    if (key === 'signal') continue
    throw refuse('invalid_argument', `option ${printValue(key)} of watch is unknown: expected signal`)
  }
  const { signal } = options
  if (signal === undefined || signal instanceof AbortSignal) return signal
  throw refuse('invalid_argument', `option signal of watch is ${printValue(signal)}, expected an AbortSignal`)
}

function readFilter(filter: WatchFilter, ownGroup: string, keys: readonly string[]): PeerQuery {
  if (typeof filter !== 'object' || filter === null) {
    const expected = 'an object such as { hubsOnly: true }'
    throw refuse('invalid_argument', `filter of peers is ${printValue(filter)}, expected ${expected}`)
  }
  for (const key of Object.keys(filter)) if (!keys.includes(key)) throw refuseKey(key, keys)
  const { groups = ownGroup, hubsOnly = false, onHost, has } = filter
  const wanted = typeof groups === 'string' ? [groups] : groups
  if (!Array.isArray(wanted) || !wanted.every((group) => typeof group === 'string')) {
    throw refuseValue('groups', groups, 'a text or a list of texts')
  }
  if (typeof hubsOnly !== 'boolean') throw refuseValue('hubsOnly', hubsOnly, 'true or false')
  if (onHost !== undefined && typeof onHost !== 'string') throw refuseValue('onHost', onHost, 'a text')
  const needs = has === undefined ? [] : readNeeds(has)
  if (needs === undefined) throw refuseValue('has', has, "a generated schema, or a stub's function")
  const fits = (peer: RemotePeer): boolean =>
    wanted.includes(peer.group) && (!hubsOnly || peer.hub) && (onHost === undefined || peer.host === onHost)
  return { fits, needs }
}

function refuseKey(key: string, keys: readonly string[]): Error {
  return refuse('invalid_argument', `filter ${printValue(key)} of peers is unknown: ${hintAt(key, keys)}`)
}

function refuseValue(key: string, value: unknown, expected: string): Error {
  return refuse('invalid_argument', `filter ${printValue(key)} of peers is ${printValue(value)}, expected ${expected}`)
}
