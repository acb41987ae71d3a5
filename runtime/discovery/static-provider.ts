import { type Address, parseIP, printAddress } from '../api/address.js'
import type { Logger } from '../api/logger.js'
import type { PeerChange } from '../api/peer.js'
import type { RemotePeer } from '../api/remote-peer.js'
import { locate } from '../transport/http/locate.js'
import { PATIENCE_THERE, type Patience } from './detector.js'
import { FollowedName } from './followed-name.js'
import type { Claims, Provider } from './provider.js'

/** How often whoever is not there yet is looked for while somebody follows, in milliseconds. */
const LOOK_MS = 500

/** How long a look waits for names that never led anywhere, in milliseconds. */
const LOOK_TIMEOUT_MS = 400

/** How to make a {@link StaticProvider}. */
export interface StaticProviderOptions {
  readonly addresses: readonly Address[]
  readonly logger: Logger
  /** How a name is looked up. Default: as the system does. */
  readonly locate?: typeof locate
}

/**
 * The peers at given addresses, whoever is there: nothing has to be known of them before. A name is looked up again while its peer is
 * there, too, so that whoever has it next is found; at once where that peer falls silent or leaves, and every 4 s at last.
 */
export class StaticProvider implements Provider {
  readonly name = 'static'
  readonly #addresses: readonly Address[]
  readonly #names: readonly FollowedName[]
  /** Where each peer is that is there. */
  readonly #there = new Map<string, string>()
  #claims: Claims | undefined

  constructor(options: StaticProviderOptions) {
    const { addresses, logger } = options
    const parts = { locate: options.locate ?? locate, logger, onPlace: (place: Address) => this.#claim(place) }
    this.#addresses = addresses.filter(isIP)
    this.#names = addresses.filter((address) => !isIP(address)).map((address) => new FollowedName(address, parts))
  }

  start(_: RemotePeer, claims: Claims): Promise<void> {
    this.#claims = claims
    return Promise.resolve()
  }

  async refresh(): Promise<void> {
    this.#look()
    for (const name of this.#names) {
      if (name.place !== undefined) this.#claim(name.place)
      if (!name.isFresh || !this.#isSomebodyAt(name.place)) name.lookUp()
    }
    const answers = this.#names.flatMap(({ place, answer }) => (place === undefined && answer ? [answer] : []))
    if (answers.length === 0) return
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LOOK_TIMEOUT_MS).unref()
    })
    await Promise.race([Promise.all(answers), late])
    clearTimeout(timer)
  }

  watch(): () => void {
    const timer = setInterval(() => this.#look(), LOOK_MS).unref()
    const ends = this.#names.map((name) => name.follow())
    return () => {
      clearInterval(timer)
      for (const end of ends) end()
    }
  }

  notice({ type, peer }: PeerChange): void {
    const at = printAddress(peer)
    if (type === 'left') this.#there.delete(peer.id)
    else this.#there.set(peer.id, at)
    if (type !== 'suspect' && type !== 'left') return
    for (const name of this.#names) {
      if (name.place !== undefined && printAddress(name.place) === at) name.hurry()
    }
  }

  patienceWith(): Patience {
    return PATIENCE_THERE
  }

  #look(): void {
    for (const address of this.#addresses) this.#claim(address)
  }

  #claim(address: Address): void {
    this.#claims?.add(address, this)
  }

  #isSomebodyAt(place: Address | undefined): boolean {
    if (place === undefined) return false
    const at = printAddress(place)
    return [...this.#there.values()].includes(at)
  }
}

function isIP({ host }: Address): boolean {
  return parseIP(host) !== undefined
}
