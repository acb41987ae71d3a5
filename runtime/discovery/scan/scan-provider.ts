import { type Address, printAddress } from '../../api/address.js'
import type { LogFields, Logger } from '../../api/logger.js'
import type { PeerChange } from '../../api/peer.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { mapConcurrently } from '../../call/map-concurrently.js'
import { locate } from '../../transport/http/locate.js'
import { PATIENCE_THERE, type Patience } from '../detector.js'
import { isOpen } from '../is-open.js'
import type { Claims, Provider } from '../provider.js'
import { readArpTable } from './arp-table.js'
import type { ScanTarget } from './scan-target.js'

/** How many ports are tried at once, at the most. */
const MAX_WIDTH = 64

/** How long a port may take to take a connection, in milliseconds: 24 rounds of these are a whole /24. */
const CONNECT_TIMEOUT_MS = 150

/** How long a name may take to be resolved, in milliseconds. */
const LOCATE_TIMEOUT_MS = 1_000

/** For how long a scan is good enough for who asks for the peers, in milliseconds. */
const FRESH_MS = 10_000

/** How long there is no scan behind one while somebody follows: this, or nine times as long as it took, in milliseconds. */
const PAUSE_MS = 1_000
const PAUSE_FACTOR = 9

/** For how long a port is left alone at which nobody proved to be a peer, in milliseconds. */
const STRANGER_MS = 30_000

/** The ARP table, beside the names of hosts. */
const ARP = 'arp'

/** How to make a {@link ScanProvider}. */
export interface ScanProviderOptions {
  readonly targets: readonly ScanTarget[]
  readonly ports: readonly number[]
  /** How many ports may be tried at once; more than 64 are not. */
  readonly width: number
  readonly logger: Logger
}

/**
 * Peers at the usual ports of this host, of given ones, of those in the ARP table, or of a range. A port that takes a connection is
 * claimed, and no more is sent to it than the question who is there: a stranger that answers slowly, junk or for ever takes the
 * time of one question, and is left alone for a while.
 */
export class ScanProvider implements Provider {
  readonly name = 'scan'
  readonly #options: ScanProviderOptions
  /** When each open port was claimed last, until a peer has proved to be there. */
  readonly #claimedAtMs = new Map<string, number>()
  /** What was not there in the last scan: names, and the ARP table. */
  readonly #missing = new Set<string>()
  #claims: Claims | undefined
  #scanning: Promise<void> | undefined
  #endedAtMs = Number.NEGATIVE_INFINITY
  #isStopped = false

  constructor(options: ScanProviderOptions) {
    this.#options = options
  }

  start(_: RemotePeer, claims: Claims): Promise<void> {
    this.#claims = claims
    return Promise.resolve()
  }

  refresh(): Promise<void> {
    return performance.now() - this.#endedAtMs < FRESH_MS ? Promise.resolve() : this.#scan()
  }

  watch(): () => void {
    let timer: NodeJS.Timeout | undefined
    let isOver = false
    const next = (startedAtMs: number): void => {
      if (isOver) return
      const tookMs = performance.now() - startedAtMs
      timer = setTimeout(again, Math.max(PAUSE_MS, PAUSE_FACTOR * tookMs)).unref()
    }
    const again = (): void => {
      const startedAtMs = performance.now()
      void this.#scan().then(() => next(startedAtMs))
    }
    again()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }

  notice({ type, peer }: PeerChange): void {
    if (type === 'joined' || type === 'left') this.#claimedAtMs.delete(printAddress(peer))
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#scanning
  }

  patienceWith(): Patience {
    return PATIENCE_THERE
  }

  #scan(): Promise<void> {
    this.#scanning ??= this.#tryAll().finally(() => {
      this.#scanning = undefined
      this.#endedAtMs = performance.now()
    })
    return this.#scanning
  }

  async #tryAll(): Promise<void> {
    const hosts = await this.#listHosts()
    // Port by port, so that no host is asked at all of them at once.
    const addresses = this.#options.ports.flatMap((port) => hosts.map((host) => ({ host, port })))
    await mapConcurrently(addresses, Math.min(this.#options.width, MAX_WIDTH), (address) => this.#try(address))
  }

  async #try(address: Address): Promise<void> {
    const at = printAddress(address)
    const isStranger = performance.now() - (this.#claimedAtMs.get(at) ?? Number.NEGATIVE_INFINITY) < STRANGER_MS
    if (this.#isStopped || isStranger || !(await isOpen(address, CONNECT_TIMEOUT_MS))) return
    this.#claimedAtMs.set(at, performance.now())
    this.#claims?.add(address, this)
  }

  async #listHosts(): Promise<string[]> {
    const lists = this.#options.targets.map((target) => {
      if (target.kind === 'range') return target.hosts
      return target.kind === 'host' ? this.#locate(target.host) : this.#readNeighbours()
    })
    return [...new Set(['127.0.0.1', ...(await Promise.all(lists)).flat()])]
  }

  async #locate(name: string): Promise<string[]> {
    try {
      const { host } = await locate({ host: name, port: 0 }, LOCATE_TIMEOUT_MS)
      this.#missing.delete(name)
      return [host]
    } catch (error) {
      this.#warnOnce(name, 'a host to scan was not found', { name, error })
      return []
    }
  }

  async #readNeighbours(): Promise<string[]> {
    try {
      const hosts = await readArpTable()
      this.#missing.delete(ARP)
      return hosts
    } catch (error) {
      this.#warnOnce(ARP, 'the ARP table cannot be read, and is not scanned', { error })
      return []
    }
  }

  /** One scan follows the other: what is missing is told when it is found to be. */
  #warnOnce(what: string, message: string, fields: LogFields): void {
    if (this.#missing.has(what)) return
    this.#missing.add(what)
    this.#options.logger.warn(message, fields)
  }
}
