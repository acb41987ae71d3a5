import { type Address, printAddress } from '../api/address.js'
import type { Logger } from '../api/logger.js'
import type { RemotePeer } from '../api/remote-peer.js'
import { isGone, isRefusal } from '../errors/refuse.js'
import type { Transport } from '../transport/transport.js'
import { isOpen } from './is-open.js'
import { Limiter } from './limiter.js'

/** How long a peer may take to prove itself, in milliseconds. */
export const PROBE_TIMEOUT_MS = 400

/**
 * How many connections are opened at once to see whether they are taken. Whoever proved to be there has the key: no flood of invented
 * addresses fills these places, nor do peers that were lost, at which those of strangers wait.
 */
const MAX_REACHES = 64

const MAX_REPORTED = 1_024

/** How many strangers may be asked at once where so many may be asked in all. */
export function countStrangers(concurrency: number): number {
  return Math.max(1, Math.floor(concurrency / 2))
}

/** What asking at an address came to. */
export type Found =
  | { readonly type: 'peer'; readonly peer: RemotePeer; readonly askedAtMs: number }
  /** Nobody, or a stranger, is there. */
  | { readonly type: 'nobody'; readonly reason: string }
  /** Somebody took the connection, and did not answer in time. */
  | { readonly type: 'slow' }
  /** It cannot be said: the failure may be this process's own, or pass. */
  | { readonly type: 'unknown' }

/** What a prober needs of its peer. */
export interface ProberOptions {
  readonly transport: Pick<Transport, 'identify'>
  /** How many may be asked at once. */
  readonly concurrency: number
  readonly logger: Logger
}

/** Asks who is at an address, and has it prove that. */
export class Prober {
  readonly #options: ProberOptions
  readonly #limiter: Limiter
  readonly #strangers: Limiter
  readonly #reaches = new Limiter(MAX_REACHES)
  /** Addresses at which somebody speaks another version, which was said once. */
  readonly #foreign = new Set<string>()

  constructor(options: ProberOptions) {
    this.#options = options
    this.#limiter = new Limiter(options.concurrency)
    this.#strangers = new Limiter(countStrangers(options.concurrency))
  }

  /**
   * Asks who is at an address that anybody may have named. These take half of the places at the most: however many are named, the
   * peers of the table do not wait for them. Never rejects.
   */
  askStranger(address: Address, timeoutMs: number): Promise<Found> {
    return this.#strangers.run(() => this.ask(address, timeoutMs))
  }

  /** Whether an address at which somebody proved to be takes a connection, as calls need it to. Never rejects. */
  reaches(address: Address, timeoutMs: number): Promise<boolean> {
    return this.#reaches.run(() => isOpen(address, timeoutMs, { ref: false }))
  }

  /** Asks now, or as soon as fewer than the limit are being asked. Never rejects. */
  ask(address: Address | RemotePeer, timeoutMs: number = PROBE_TIMEOUT_MS): Promise<Found> {
    return this.#limiter.run(async () => {
      const askedAtMs = performance.now()
      try {
        const peer = await this.#options.transport.identify(address, timeoutMs)
        return { type: 'peer', peer, askedAtMs }
      } catch (error) {
        return this.#explain(error, address)
      }
    })
  }

  #explain(error: unknown, address: Address): Found {
    if (!isRefusal(error)) return { type: 'unknown' }
    if (error.code === 'failed_precondition') this.#reportForeign(address, error)
    if (error.code === 'deadline_exceeded') return { type: 'slow' }
    // Any other failure may be that no file descriptor is left here, or that the peer has too many connections.
    const isNobody = error.code === 'unauthenticated' || isGone(error)
    return isNobody ? { type: 'nobody', reason: error.message } : { type: 'unknown' }
  }

  /** Once for each: a peer that is missing from a list would otherwise leave no trace. */
  #reportForeign(address: Address, error: Error): void {
    const at = printAddress(address)
    if (this.#foreign.has(at)) return
    if (this.#foreign.size >= MAX_REPORTED) this.#foreign.clear()
    this.#foreign.add(at)
    this.#options.logger.warn('a peer is left out', { at, reason: error.message })
  }
}
