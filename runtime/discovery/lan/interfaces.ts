import { networkInterfaces } from 'node:os'
import { isWildcard, parseIP } from '../../api/address.js'

/** An IPv4 address of this machine, and the network that it is in. */
export interface LanInterface {
  readonly name: string
  readonly address: string
  readonly netmask: string
}

/** More than a machine that serves people has; containers' bridges come behind them. */
const MAX_INTERFACES = 16

/**
 * The IPv4 interfaces over which a peer that is bound to a host is reached: the one with that address, or all. Loopback counts where
 * nothing else is there, so that a machine without a network is one.
 */
export function listInterfaces(host: string): LanInterface[] {
  const all = Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? [])
      .filter(({ family }) => family === 'IPv4')
      .map(({ address, netmask, internal }) => ({ name, address, netmask, internal })),
  )
  const meant = isWildcard(host) ? all : all.filter(({ address }) => address === host)
  const outer = meant.filter(({ internal }) => !internal)
  return (outer.length > 0 ? outer : meant)
    .slice(0, MAX_INTERFACES)
    .map(({ name, address, netmask }) => ({ name, address, netmask }))
}

/** Whether an IPv4 address is in the network of an interface. */
export function isOnLink(address: string, { address: own, netmask }: LanInterface): boolean {
  const mask = readIPv4(netmask)
  const given = readIPv4(address)
  const known = readIPv4(own)
  return given !== undefined && mask !== undefined && known !== undefined && (given & mask) === (known & mask)
}

function readIPv4(text: string): number | undefined {
  if (text.includes(':') || parseIP(text) === undefined) return undefined
  return text.split('.').reduce((sum, part) => (sum << 8) | Number(part), 0)
}
