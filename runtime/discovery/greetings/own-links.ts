import { type LanInterface, listInterfaces } from '../lan/interfaces.js'

/** For how long the interfaces of this machine are taken to be as they were, in milliseconds, and where one is missed. */
const KNOWN_MS = { usually: 500, missed: 50 }

/** The interfaces of this machine, which are not listed anew for each datagram. */
export class OwnLinks {
  #links: readonly LanInterface[] = []
  #listedAtMs = Number.NEGATIVE_INFINITY

  /** The first that fits, of those over which a peer is reached that is bound to a host. */
  find(host: string, fits: (link: LanInterface) => boolean): LanInterface | undefined {
    const ageMs = performance.now() - this.#listedAtMs
    const known = ageMs < KNOWN_MS.usually ? this.#links.find(fits) : undefined
    if (known !== undefined || ageMs < KNOWN_MS.missed) return known
    this.#links = listInterfaces(host)
    this.#listedAtMs = performance.now()
    return this.#links.find(fits)
  }
}
