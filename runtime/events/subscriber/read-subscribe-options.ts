import { type Address, parseAddress } from '../../api/address.js'
import type { Gap, SubscribeOptions } from '../../api/event.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { readWatchFilter } from '../../discovery/peer-filter.js'
import { printValue } from '../../errors/print-value.js'
import { refuse } from '../../errors/refuse.js'
import { hintAt } from '../../errors/suggest.js'

/** Whom a subscription listens to, and for how long, as it was asked for. */
export interface SubscriptionSettings {
  /** Whether a peer is meant. */
  readonly fits: (peer: RemotePeer) => boolean
  /** Whose peers have to be looked for. */
  readonly groups: string | readonly string[]
  readonly self: boolean
  readonly signal: AbortSignal | undefined
  readonly onGap: ((gap: Gap) => void) | undefined
}

const KNOWN: readonly (keyof SubscribeOptions)[] = ['groups', 'hubsOnly', 'onHost', 'peers', 'self', 'signal', 'onGap']

/** Reads the options of a subscription. Throws `invalid_argument` for an unknown one, or a value that it does not take. */
export function readSubscribeOptions(tag: string, options: unknown, ownGroup: string): SubscriptionSettings {
  if (typeof options !== 'object' || options === null) {
    throw refuse(
      'invalid_argument',
      `options of a subscription to ${tag} are ${printValue(options)}, expected an object such as { hubsOnly: true }`,
    )
  }
  for (const key of Object.keys(options)) if (!KNOWN.some((known) => known === key)) throw refuseKey(tag, key)
  const { groups = ownGroup, hubsOnly, onHost, peers, self = false, signal, onGap } = options as SubscribeOptions
  const refuseValue = (key: string, value: unknown, expected: string): Error =>
    refuse(
      'invalid_argument',
      `option "${key}" of a subscription to ${tag} is ${printValue(value)}, expected ${expected}`,
    )
  if (typeof self !== 'boolean') throw refuseValue('self', self, 'true or false')
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw refuseValue('signal', signal, 'an AbortSignal')
  if (onGap !== undefined && typeof onGap !== 'function') throw refuseValue('onGap', onGap, 'a function')
  const { fits: passes } = readWatchFilter(
    { groups, ...(hubsOnly !== undefined && { hubsOnly }), ...(onHost !== undefined && { onHost }) },
    ownGroup,
  )
  if (peers === undefined) return { fits: passes, groups, self, signal, onGap }
  if (!Array.isArray(peers)) throw refuseValue('peers', peers, 'a list of peers')
  const targets = peers.map((target: unknown) => {
    const matches = readTarget(target)
    if (matches !== undefined) return matches
    throw refuseValue('peers', target, 'peers from peer.peers(), ids, or host:port')
  })
  const isTarget = (peer: RemotePeer): boolean => targets.some((matches) => matches(peer))
  return { fits: isTarget, groups, self, signal, onGap }
}

/** Whether a peer is a target: itself, whatever became of its address, or whoever is at an address. */
function readTarget(target: unknown): ((peer: RemotePeer) => boolean) | undefined {
  if (typeof target === 'string') {
    const address = parseAddress(target)
    return address === undefined ? ({ id }) => id === target : (peer) => isAt(peer, address)
  }
  if (typeof target !== 'object' || target === null) return undefined
  const { id } = target as Partial<RemotePeer>
  return typeof id === 'string' ? (peer) => peer.id === id : undefined
}

function isAt(peer: RemotePeer, { host, port }: Address): boolean {
  return peer.port === port && (peer.host === host || (host === 'localhost' && peer.host === '127.0.0.1'))
}

function refuseKey(tag: string, key: string): Error {
  const hint = hintAt(key, KNOWN)
  return refuse('invalid_argument', `option ${printValue(key)} of a subscription to ${tag} is unknown: ${hint}`)
}
