import { networkInterfaces } from 'node:os'
import { isWildcard, parseIP } from '../../api/address.js'

/** The addresses under which others may reach this machine, IPv4 first; none that holds on one link only (fe80::/10). */
export function listOwnAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const outer = all.filter(({ internal, address }) => !internal && !/^fe[89ab]/i.test(address))
  return ['IPv4', 'IPv6'].flatMap((family) =>
    outer.filter((found) => found.family === family).map(({ address }) => parseIP(address) ?? address),
  )
}

/**
 * What a peer that is bound to a host tells others: that host, or of all addresses of the machine (`0.0.0.0`, `::`) the first that
 * others can reach; where there is none yet, loopback. Under `0.0.0.0` IPv4 addresses alone count.
 */
export function findAnnouncedHost(host: string): string {
  if (!isWildcard(host)) return host
  const own = listOwnAddresses().filter((address) => host === '::' || !address.includes(':'))
  return own[0] ?? '127.0.0.1'
}
