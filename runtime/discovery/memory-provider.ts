import type { RemotePeer } from '../api/remote-peer.js'
import type { MemorySwitch } from '../transport/memory/memory-transport.js'
import type { Provider } from './provider.js'

/** The peers of a network in memory: whoever listens there is known, and gone as soon as it does not. */
export class MemoryProvider implements Provider {
  readonly #switch: MemorySwitch

  constructor(memorySwitch: MemorySwitch) {
    this.#switch = memorySwitch
  }

  announce(): Promise<void> {
    return Promise.resolve()
  }

  list(): Promise<RemotePeer[]> {
    return Promise.resolve(this.#switch.peers)
  }

  forget(): Promise<void> {
    return Promise.resolve()
  }

  withdraw(): Promise<void> {
    return Promise.resolve()
  }
}
