import type { Address } from '../api/address.js'
import type { RemotePeer } from '../api/remote-peer.js'
import { PATIENCE_THERE, type Patience } from './detector.js'
import type { Claims, Provider } from './provider.js'

/** How often whoever is not there yet is looked for while somebody follows, in milliseconds. */
const LOOK_MS = 500

/** The peers at given addresses, whoever is there: nothing has to be known of them before. */
export class StaticProvider implements Provider {
  readonly name = 'static'
  readonly #addresses: readonly Address[]
  #claims: Claims | undefined

  constructor(addresses: readonly Address[]) {
    this.#addresses = addresses
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
    const timer = setInterval(() => this.#look(), LOOK_MS).unref()
    return () => clearInterval(timer)
  }

  forget(): Promise<void> {
    return Promise.resolve()
  }

  stop(): Promise<void> {
    return Promise.resolve()
  }

  patienceWith(): Patience {
    return PATIENCE_THERE
  }

  #look(): void {
    for (const address of this.#addresses) this.#claims?.add(address, this)
  }
}
