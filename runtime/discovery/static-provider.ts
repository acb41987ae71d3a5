import { type Address, parseIP } from '../api/address.js'
import type { PeerChange } from '../api/peer.js'
import type { RemotePeer } from '../api/remote-peer.js'
import { PATIENCE_THERE, type Patience } from './detector.js'
import type { Claims, Provider } from './provider.js'

/** How often whoever is not there yet is looked for while somebody follows, in milliseconds. */
const LOOK_MS = 500

/** After how many of these a name is looked at again at the latest: every time somebody has to be asked where it is. */
const MAX_PAUSE = 8

/** The peers at given addresses, whoever is there: nothing has to be known of them before. */
export class StaticProvider implements Provider {
  readonly name = 'static'
  readonly #addresses: readonly Address[]
  #claims: Claims | undefined
  /** How often it was looked, since somebody left. */
  #looks = 0

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
    const look = (): void => {
      this.#looks++
      this.#look((address) => parseIP(address.host) !== undefined || isTurn(this.#looks))
    }
    const timer = setInterval(look, LOOK_MS).unref()
    return () => clearInterval(timer)
  }

  notice({ type }: PeerChange): void {
    if (type === 'left') this.#looks = 0
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

  #look(isTurnOf: (address: Address) => boolean = () => true): void {
    for (const address of this.#addresses) if (isTurnOf(address)) this.#claims?.add(address, this)
  }
}

/** Whether names are looked at in this look: the 1st, 2nd and 4th, and every 8th. */
function isTurn(look: number): boolean {
  return look % MAX_PAUSE === 0 || (look < MAX_PAUSE && (look & (look - 1)) === 0)
}
