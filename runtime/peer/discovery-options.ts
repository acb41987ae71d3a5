import { type Address, parseAddress } from '../api/address.js'
import { parseScanTarget, type ScanTarget } from '../discovery/scan/scan-target.js'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import { listPorts, type PortChoice } from '../transport/http/bind.js'

/** How a peer finds others, besides the registry folder: a part of `PeerOptions`. */
export interface DiscoveryOptions {
  /** Where peers are, as `host:port`: who is there is found, whenever it is there. Default: `NET_PEERS`, separated by commas. */
  readonly peers?: readonly string[]
  /**
   * Looks for peers at the ports from `NET_PORT_START` on, of this host and of what is listed: `arp` for the machines in the ARP
   * table, IP addresses, names, and ranges up to /24, such as `192.168.1.0/24`. `true`: of this host alone. Default: `NET_SCAN`,
   * separated by commas, then false.
   */
  readonly scan?: boolean | readonly string[]
}

/** What the environment says of it. */
export interface DiscoveryEnvironment {
  readonly peers: readonly string[]
  readonly scan: boolean | readonly string[]
  /** The ports that peers take first. */
  readonly port: PortChoice
}

/** Which ways there are. */
export interface DiscoverySettings {
  readonly peers: readonly Address[]
  /** Undefined: nothing is scanned. */
  readonly scan: ScanSettings | undefined
}

/** What is scanned besides this host, and at which ports. */
export interface ScanSettings {
  readonly targets: readonly ScanTarget[]
  readonly ports: readonly number[]
}

/** As many as a table knows peers. */
const MAX_PEERS = 1_024

/** As many hosts and ranges as somebody writes down. */
const MAX_TARGETS = 256

/** Reads how others are found. Throws `invalid_argument` for an address that is none. */
export function readDiscovery(options: DiscoveryOptions, environment: DiscoveryEnvironment): DiscoverySettings {
  const { scan } = options
  const targets =
    scan === undefined ? readScan(environment.scan, 'NET_SCAN') : readScan(scan, 'option scan of createPeer')
  return { peers: readPeers(options, environment), scan: targets && { targets, ports: listPorts(environment.port) } }
}

function readPeers({ peers }: DiscoveryOptions, environment: DiscoveryEnvironment): Address[] {
  if (peers === undefined) return environment.peers.map((text) => readPeer(text, 'NET_PEERS'))
  if (!Array.isArray(peers) || peers.length > MAX_PEERS) {
    const expected = `a list of host:port, ${MAX_PEERS} at most`
    throw refuse('invalid_argument', `option peers of createPeer is ${printValue(peers)}, expected ${expected}`)
  }
  return peers.map((text: unknown) => readPeer(text, 'option peers of createPeer'))
}

function readScan(scan: unknown, where: string): ScanTarget[] | undefined {
  if (typeof scan === 'boolean') return scan ? [] : undefined
  if (!Array.isArray(scan) || scan.length > MAX_TARGETS) {
    const expected = `true, false or a list of ${MAX_TARGETS} at most`
    throw refuse('invalid_argument', `${where} is ${printValue(scan)}, expected ${expected}`)
  }
  return scan.map((text: unknown) => {
    const target = typeof text === 'string' ? parseScanTarget(text) : undefined
    if (target !== undefined) return target
    const expected = 'arp, an IP address, a name, or a range up to /24, such as 192.168.1.0/24'
    throw refuse('invalid_argument', `${where} has ${printValue(text)}, expected ${expected}`)
  })
}

function readPeer(text: unknown, where: string): Address {
  const address = typeof text === 'string' ? parseAddress(text) : undefined
  if (address !== undefined) return address
  throw refuse('invalid_argument', `${where} has ${printValue(text)}, expected host:port, such as 192.0.2.7:3010`)
}
