import { type Address, isLoopback, printAddress } from '../../api/address.js'

/** Where others reach a peer through a translated address. */
export interface AdvertisedAddress {
  readonly host: string
  /** Undefined: the port that is bound. */
  readonly port: number | undefined
}

/** What a peer is called besides the addresses that it is bound to. */
export interface OtherNames {
  /** Undefined: others reach it as it is bound. */
  readonly advertise: AdvertisedAddress | undefined
  /** Names of its machine, in lower case, without a port. */
  readonly names: readonly string[]
}

/** Addresses of one machine are few; those that a machine answers for as a router are not. */
const MAX_KEPT = 64

/**
 * Under which names a peer may be asked for, which depends on the address that a connection came to: that address itself and, on
 * loopback, `localhost`; where it is configured, the advertised address and the names of the machine. So nobody elsewhere can
 * have a peer prove itself for an address that is its caller's own loopback.
 */
export class OwnNames {
  readonly #others: OtherNames
  readonly #usualPort: number
  readonly #known = new Map<string, ReadonlySet<string>>()

  /** `usualPort`: the one that clients leave out of Host, 80 of HTTP and 443 of HTTPS (RFC 9110, section 7.2). */
  constructor(others: OtherNames, usualPort: 80 | 443) {
    this.#usualPort = usualPort
    this.#others = others
  }

  /** The forms of Host, in lower case, that pass where a connection came to this address. */
  at(local: Address): ReadonlySet<string> {
    const key = printAddress(local)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const made = new Set([...this.#listForms(local), ...this.#listOthers(local)])
    if (this.#known.size >= MAX_KEPT) this.#known.clear()
    this.#known.set(key, made)
    return made
  }

  /** The address that a client dialled whose Host has passed: the advertised one, or the one that its connection came to. */
  findDialled(host: string, local: Address): Address {
    const advertised = this.#findAdvertised(local)
    return advertised !== undefined && this.#listForms(advertised).includes(host.toLowerCase()) ? advertised : local
  }

  #findAdvertised(local: Address): Address | undefined {
    const { advertise } = this.#others
    return advertise && { host: advertise.host, port: advertise.port ?? local.port }
  }

  /** An address as Host has it. */
  #listForms(address: Address): string[] {
    const whole = printAddress(address)
    return address.port === this.#usualPort ? [whole, whole.slice(0, whole.lastIndexOf(':'))] : [whole]
  }

  #listOthers(local: Address): string[] {
    const { host, port } = local
    const advertised = this.#findAdvertised(local)
    return [
      ...(isLoopback(host) ? this.#listForms({ host: 'localhost', port }) : []),
      ...(advertised === undefined ? [] : this.#listForms(advertised)),
      // A proxy that ends TLS on the usual port leaves none in Host.
      ...this.#others.names.flatMap((name) => [name, `${name}:${port}`]),
    ]
  }
}
