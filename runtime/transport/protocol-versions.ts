import { type Address, printAddress } from '../api/address.js'
import type { NetgenError } from '../errors/netgen-error.js'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import { PROTOCOL_VERSION, VERSION } from '../version.js'

/** The versions that a peer speaks, as its identity says. */
export interface SpokenVersions {
  readonly netgen: string
  /** Each version of the protocol. */
  readonly protocol: readonly number[]
}

/** What this peer speaks. */
export const OWN_VERSIONS: SpokenVersions = Object.freeze({ netgen: VERSION, protocol: [PROTOCOL_VERSION] })

/** Reads what a peer speaks; undefined where the value does not say so. */
export function readVersions(value: unknown): SpokenVersions | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { netgen, protocol } = value as Partial<Record<string, unknown>>
  const isList = Array.isArray(protocol) && protocol.length > 0 && protocol.length <= 64
  if (typeof netgen !== 'string' || !isList || !protocol.every((version) => Number.isSafeInteger(version)))
    return undefined
  return { netgen, protocol: protocol as number[] }
}

/** Throws `failed_precondition` where a peer speaks no version of the protocol that is spoken here. */
export function checkVersions(address: Address, theirs: SpokenVersions): void {
  if (!theirs.protocol.includes(PROTOCOL_VERSION)) throw refuseVersions(printAddress(address), theirs)
}

function refuseVersions(at: string, { netgen, protocol }: SpokenVersions): NetgenError {
  const isNewer = Math.max(...protocol) > PROTOCOL_VERSION
  return refuse(
    'failed_precondition',
    `${at} speaks version ${protocol.join(', ')} of netgen's protocol (netgen ${printValue(netgen)}), ` +
      `this peer version ${PROTOCOL_VERSION} (netgen ${printValue(VERSION)}): update netgen ${isNewer ? 'here' : 'there'}`,
  )
}
