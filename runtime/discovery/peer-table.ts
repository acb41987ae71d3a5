import type { Logger } from '../api/logger.js'
import type { PeerFilter } from '../api/peer.js'
import type { RemotePeer } from '../api/remote-peer.js'
import { mapConcurrently } from '../call/map-concurrently.js'
import { printValue } from '../errors/print-value.js'
import { isGone, isRefusal, refuse } from '../errors/refuse.js'
import type { Transport } from '../transport/transport.js'
import { createFilter } from './peer-filter.js'
import type { Provider } from './provider.js'

/**
 * For how long a peer that proved itself is taken as alive, in milliseconds. With the time of a probe it keeps the promise
 * that a killed peer is gone within 1.25 s.
 */
const FRESH_MS = 750

const PROBE_TIMEOUT_MS = 400

/** What the table needs of its peer. */
export interface PeerTableOptions {
  readonly selfId: string
  readonly selfGroup: string
  readonly provider: Provider
  readonly transport: Pick<Transport, 'identify'>
  /** How many probes may be under way at once. */
  readonly concurrency: number
  readonly logger: Logger
}

/** The other peers: those that a provider claims and that proved, not long ago, to be there. */
export class PeerTable {
  readonly #options: PeerTableOptions
  /** When each peer last proved itself, by id. */
  readonly #provenAtMs = new Map<string, number>()
  /** Peers with which this one cannot talk, and has said so. */
  readonly #foreign = new Set<string>()

  constructor(options: PeerTableOptions) {
    this.#options = options
  }

  /** The peers that are alive and fit the filter, in the order in which they started. */
  async list(filter: PeerFilter): Promise<RemotePeer[]> {
    const fits = createFilter(filter, this.#options.selfGroup)
    const claimed = (await this.#claimed()).filter(fits)
    const alive = await mapConcurrently(claimed, this.#options.concurrency, (peer) =>
      this.#isAlive(peer, filter.refresh === true),
    )
    return claimed.filter((_, index) => alive[index])
  }

  /** The peer with an id, as a provider claims it: the call itself will have it prove that. Rejects with `not_found`. */
  async find(id: string): Promise<RemotePeer> {
    const found = (await this.#claimed()).find((peer) => peer.id === id)
    if (found !== undefined) return found
    throw refuse('not_found', `peer ${printValue(id)} is unknown: peer.peers() lists those that are there`)
  }

  async #claimed(): Promise<RemotePeer[]> {
    const peers = await this.#options.provider.list()
    const ids = new Set(peers.map((peer) => peer.id))
    for (const id of this.#provenAtMs.keys()) if (!ids.has(id)) this.#provenAtMs.delete(id)
    for (const id of this.#foreign) if (!ids.has(id)) this.#foreign.delete(id)
    return peers.filter((peer) => peer.id !== this.#options.selfId)
  }

  async #isAlive(peer: RemotePeer, isForced: boolean): Promise<boolean> {
    const provenAtMs = this.#provenAtMs.get(peer.id)
    if (!isForced && provenAtMs !== undefined && performance.now() - provenAtMs < FRESH_MS) return true
    try {
      const found = await this.#options.transport.identify(peer, PROBE_TIMEOUT_MS)
      if (found.id !== peer.id) return await this.#forget(peer)
      this.#provenAtMs.set(peer.id, performance.now())
      return true
    } catch (error) {
      if (isRefusal(error) && error.code === 'failed_precondition') this.#reportForeign(peer, error)
      // Whoever is only slow has accepted the connection: it stays as it was known.
      if (isRefusal(error) && error.code === 'deadline_exceeded') return provenAtMs !== undefined
      return isCertainlyGone(error) ? this.#forget(peer) : false
    }
  }

  /** Once for each: a peer that is missing from a list would otherwise leave no trace. */
  #reportForeign(peer: RemotePeer, error: Error): void {
    if (this.#foreign.has(peer.id)) return
    this.#foreign.add(peer.id)
    this.#options.logger.warn('a peer is left out', { id: peer.id, reason: error.message })
  }

  async #forget(peer: RemotePeer): Promise<false> {
    this.#options.logger.debug('a peer is gone', { id: peer.id, host: peer.host, port: peer.port })
    this.#provenAtMs.delete(peer.id)
    await this.#options.provider.forget(peer)
    return false
  }
}

/**
 * Whether nobody, or a stranger, is where the peer was. Any other failure may be this process's own (no file descriptor is
 * left, or it is closing) or that of a peer with too many connections: a peer is not taken from the registry for that.
 */
function isCertainlyGone(error: unknown): boolean {
  return isRefusal(error) && (error.code === 'unauthenticated' || isGone(error))
}
