import { parseIP } from '../../api/address.js'

/** What is scanned besides this host. */
export type ScanTarget =
  | { readonly kind: 'arp' }
  | { readonly kind: 'host'; readonly host: string }
  | { readonly kind: 'range'; readonly hosts: readonly string[] }

/** The largest range: 256 addresses. */
const MIN_PREFIX = 24

const NAME = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/i

/**
 * Reads what to scan: `arp` for the machines in this one's ARP table, an IP address or a name, or a range such as `192.168.1.0/24`.
 * Undefined where the text is none of them, or a range is larger than /24.
 */
export function parseScanTarget(text: string): ScanTarget | undefined {
  if (text === 'arp') return { kind: 'arp' }
  const [address = '', prefix, more] = text.split('/')
  const host = parseIP(address)
  if (more !== undefined) return undefined
  if (prefix !== undefined) return host === undefined ? undefined : parseRange(host, prefix)
  if (host !== undefined) return { kind: 'host', host }
  // What looks like an address and is none would be looked up as a name.
  return NAME.test(text) && !/^[\d.]+$/.test(text) ? { kind: 'host', host: text.toLowerCase() } : undefined
}

function parseRange(address: string, prefix: string): ScanTarget | undefined {
  const bits = Number(prefix)
  if (address.includes(':') || !/^\d{1,2}$/.test(prefix) || bits < MIN_PREFIX || bits > 32) return undefined
  const [a, b, c, last] = address.split('.').map(Number)
  const size = 2 ** (32 - bits)
  const first = Math.floor((last ?? 0) / size) * size
  const hosts = Array.from({ length: size }, (_, index) => `${a}.${b}.${c}.${first + index}`)
  // The first address names the network, and the last means all of it.
  return { kind: 'range', hosts: size > 2 ? hosts.slice(1, -1) : hosts }
}
