import { type Address, printAddress } from '../../api/address.js'
import type { RemotePeer } from '../../api/remote-peer.js'

/** As many as a table knows peers. */
const MAX_PEERS = 1_024

/** For how long a peer that was heard is taken to be coming back, where nobody listens for it, in milliseconds. */
const RETURN_MS = 2_400

interface Entry {
  readonly peer: RemotePeer
  heardAtMs: number
}

/** Which peers were heard at the engine, and where they said they are. */
export class PeerBook {
  /** By address. Of several machines with one name, whichever was heard last. */
  readonly #at = new Map<string, Entry>()
  readonly #byId = new Map<string, Entry>()

  /** A peer said that it is there. */
  hear(peer: RemotePeer): void {
    this.forget(peer.id)
    const entry = { peer, heardAtMs: performance.now() }
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

  /** Whether a peer was there a moment ago and did not say goodbye: its connection may be lost, and come back. */
  mayReturn(id: string): boolean {
    const entry = this.#byId.get(id)
    return entry !== undefined && performance.now() - entry.heardAtMs < RETURN_MS
  }
}
