import type { RemotePeer } from '../api/remote-peer.js'
import type { MemorySwitch } from '../transport/memory/memory-transport.js'
import { PATIENCE_THERE, type Patience } from './detector.js'
import type { Claims, Provider } from './provider.js'

/** The peers of a network in memory: whoever listens there is known, and gone as soon as it does not. */
export class MemoryProvider implements Provider {
  readonly name = 'memory'
  readonly #switch: MemorySwitch
  #claims: Claims | undefined
  #claimed = new Set<string>()

  constructor(memorySwitch: MemorySwitch) {
    this.#switch = memorySwitch
  }

  start(_: RemotePeer, claims: Claims): Promise<void> {
    this.#claims = claims
    return Promise.resolve()
  }

  refresh(): Promise<void> {
    this.#look()
    return Promise.resolve()
  }

  watch(): () => void {
    return this.#switch.follow(() => this.#look())
  }

  patienceWith(): Patience {
    return PATIENCE_THERE
  }

  #look(): void {
    const { peers } = this.#switch
    const ids = new Set(peers.map(({ id }) => id))
    for (const id of this.#claimed) if (!ids.has(id)) this.#claims?.remove(id, this)
    for (const peer of peers) this.#claims?.add(peer, this)
    this.#claimed = ids
  }
}
