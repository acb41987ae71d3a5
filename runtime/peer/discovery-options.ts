import { type Address, parseAddress } from '../api/address.js'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'

/** How a peer finds others, besides the registry folder: a part of `PeerOptions`. */
export interface DiscoveryOptions {
  /** Where peers are, as `host:port`: who is there is found, whenever it is there. Default: `NET_PEERS`, separated by commas. */
  readonly peers?: readonly string[]
}

/** What the environment says of it. */
export interface DiscoveryEnvironment {
  readonly peers: readonly string[]
}

/** Which ways there are. */
export interface DiscoverySettings {
  readonly peers: readonly Address[]
}

/** As many as a table knows peers. */
const MAX_PEERS = 1_024

/** Reads how others are found. Throws `invalid_argument` for an address that is none. */
export function readDiscovery(options: DiscoveryOptions, environment: DiscoveryEnvironment): DiscoverySettings {
  if (options.peers === undefined) return { peers: environment.peers.map((text) => readPeer(text, 'NET_PEERS')) }
  const { peers } = options
  if (!Array.isArray(peers) || peers.length > MAX_PEERS) {
    const expected = `a list of host:port, ${MAX_PEERS} at most`
    throw refuse('invalid_argument', `option peers of createPeer is ${printValue(peers)}, expected ${expected}`)
  }
  return { peers: peers.map((text: unknown) => readPeer(text, 'option peers of createPeer')) }
}

function readPeer(text: unknown, where: string): Address {
  const address = typeof text === 'string' ? parseAddress(text) : undefined
  if (address !== undefined) return address
  throw refuse('invalid_argument', `${where} has ${printValue(text)}, expected host:port, such as 192.0.2.7:3010`)
}
