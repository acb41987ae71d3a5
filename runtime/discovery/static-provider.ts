import { type Address, parseIP } from '../api/address.js'
import type { PeerChange } from '../api/peer.js'
import type { RemotePeer } from '../api/remote-peer.js'
import { locate } from '../transport/http/locate.js'
import { PATIENCE_THERE, type Patience } from './detector.js'
import type { Claims, Provider } from './provider.js'

/** How often whoever is not there yet is looked for while somebody follows, in milliseconds. */
const LOOK_MS = 500

/**
 * After how many of these a name is looked up again at the latest. The system does not say for how long its answer holds (getaddrinfo(3)
 * has no time to live), and each lookup takes one of Node's four threads: every 4 s costs nobody, and is less than usual times to live.
 */
const MAX_PAUSE = 8

/** How long a name may take to be looked up, in milliseconds, and how long a look waits for that. */
const LOCATE_TIMEOUT_MS = 4_000
const LOOK_TIMEOUT_MS = 400

/**
 * The peers at given addresses, whoever is there: nothing has to be known of them before. A name is looked up again while its peer is
 * there, too, so that whoever has it next is found; at once where somebody falls silent or leaves, and every 4 s at last.
 */
export class StaticProvider implements Provider {
  readonly name = 'static'
  readonly #addresses: readonly Address[]
  readonly #locate: typeof locate
  /** Names that are being looked up. */
  readonly #locating = new Map<Address, Promise<void>>()
  #claims: Claims | undefined
  #isWatching = false
  /** How often it was looked, since somebody fell silent or left. */
  #looks = 0

  /** `locateName`: as {@link locate}, for tests. */
  constructor(addresses: readonly Address[], locateName: typeof locate = locate) {
    this.#addresses = addresses
    this.#locate = locateName
  }

  start(_: RemotePeer, claims: Claims): Promise<void> {
    this.#claims = claims
    return Promise.resolve()
  }

  async refresh(): Promise<void> {
    this.#look()
    if (this.#locating.size === 0) return
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LOOK_TIMEOUT_MS)
    })
    await Promise.race([Promise.all(this.#locating.values()), late])
    clearTimeout(timer)
  }

  watch(): () => void {
    this.#isWatching = true
    const look = (): void => {
      this.#looks++
      this.#look((address) => isIP(address) || isTurn(this.#looks))
    }
    const timer = setInterval(look, LOOK_MS).unref()
    return () => {
      this.#isWatching = false
      clearInterval(timer)
    }
  }

  notice({ type }: PeerChange): void {
    if (type !== 'suspect' && type !== 'left') return
    this.#looks = 0
    if (this.#isWatching) this.#look((address) => !isIP(address))
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
    for (const address of this.#addresses) {
      if (!isTurnOf(address)) continue
      if (isIP(address)) this.#claims?.add(address, this)
      else this.#lookUp(address)
    }
  }

  /** Claims where a name leads; never twice at once. */
  #lookUp(address: Address): void {
    if (this.#locating.has(address)) return
    const located = this.#locate(address, LOCATE_TIMEOUT_MS)
      // Nobody knows the name yet, or says so now: it is looked up again.
      .then(
        (found) => void this.#claims?.add(found, this),
        () => {},
      )
      .finally(() => this.#locating.delete(address))
    this.#locating.set(address, located)
  }
}

function isIP({ host }: Address): boolean {
  return parseIP(host) !== undefined
}

/** Whether names are looked up in this look: the 1st, 2nd and 4th, and every 8th. */
function isTurn(look: number): boolean {
  return look % MAX_PAUSE === 0 || (look < MAX_PAUSE && (look & (look - 1)) === 0)
}
