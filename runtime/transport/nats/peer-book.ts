import { type Address, printAddress } from '../../api/address.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { DEFAULT_BEAT_MS } from './beat-range.js'

/** As many as a table knows peers. */
const MAX_PEERS = 1_024

/** After how many of its beats without any a peer that was heard is not taken to be coming back, where nobody listens for it. */
const RETURN_BEATS = 4

interface Entry {
  readonly peer: RemotePeer
  readonly beatMs: number
  heardAtMs: number
}

/** Which peers were heard at the engine, and where they said they are. */
export class PeerBook {
  /** By address. Of several machines with one name, whichever was heard last. */
  readonly #at = new Map<string, Entry>()
  readonly #byId = new Map<string, Entry>()

  /** How many there are. */
  get size(): number {
    return this.#byId.size
  }

  /** A peer said that it is there, and how often it says so, in milliseconds. */
  hear(peer: RemotePeer, beatMs: number): void {
    this.forget(peer.id)
    const entry = { peer, beatMs, heardAtMs: performance.now() }
    this.#byId.set(peer.id, entry)
    this.#at.set(printAddress(peer), entry)
    const [oldest] = this.#byId.keys()
    if (this.#byId.size > MAX_PEERS && oldest !== undefined) this.forget(oldest)
  }

  /** A peer said that it goes. */
  forget(id: string): void {
    const entry = this.#byId.get(id)
    if (entry === undefined) return
    this.#byId.delete(id)
    const at = printAddress(entry.peer)
    if (this.#at.get(at) === entry) this.#at.delete(at)
  }

  /** The engine was down: for as long as that took, nobody could be heard. */
  excuse(): void {
    for (const entry of this.#byId.values()) entry.heardAtMs = performance.now()
  }

  /** Who said last to be at an address. */
  findAt(address: Address): RemotePeer | undefined {
    return this.#at.get(printAddress(address))?.peer
  }

  /** The group of a peer that was heard. */
  findGroup(id: string): string | undefined {
    return this.#byId.get(id)?.peer.group
  }

  /** How often a peer says that it is there, in milliseconds. */
  findBeatMs(id: string): number {
    return this.#byId.get(id)?.beatMs ?? DEFAULT_BEAT_MS
  }

  /** Whether nothing was heard for some time of a peer that was there, and did not say goodbye. */
  isSilent(id: string): boolean {
    const entry = this.#byId.get(id)
    return entry !== undefined && performance.now() - entry.heardAtMs >= RETURN_BEATS * entry.beatMs
  }

  /** Whether a peer was there a moment ago and did not say goodbye: its connection may be lost, and come back. */
  mayReturn(id: string): boolean {
    const entry = this.#byId.get(id)
    return entry !== undefined && performance.now() - entry.heardAtMs < RETURN_BEATS * entry.beatMs
  }
}
