/** Where a peer listens. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** `host:port`, with the brackets that an IPv6 address needs (RFC 3986, section 3.2.2). */
export function printAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/**
 * Reads `host:port` or `[v6]:port`, the host in the one form that peers prove themselves for: names in lower case, IPv6 as RFC 5952
 * writes it, and as IPv4 where it only carries that. Undefined where the text is neither.
 */
export function parseAddress(text: string): Address | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/.exec(text)
  const host = match?.[1] === undefined ? match?.[2]?.toLowerCase() : normalizeIPv6(match[1])
  const port = Number(match?.[3])
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port }
}

/** Whether a host is this machine's own loopback, as an address: 127.0.0.0/8 or ::1. */
export function isLoopback(host: string): boolean {
  return host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

/** Whether a host means every address of the machine that it is bound on. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

/** An IP address in its one form, an IPv4 one in that of IPv4; undefined where the text is none. */
export function parseIP(text: string): string | undefined {
  if (text.includes(':')) return normalizeIPv6(text)
  const parts = text.split('.')
  const isIPv4 = parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
  return isIPv4 ? text : undefined
}

/**
 * An IPv6 address that only carries an IPv4 one (RFC 4291, section 2.5.5.2) is that one, as sockets of both kinds name their ends; any
 * other text stays as it is.
 */
export function unmapIPv4(host: string): string {
  const match = /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/i.exec(host)
  if (match === null) return host
  const [, dotted, high = '', low = ''] = match
  if (dotted !== undefined) return dotted
  const [upper, lower] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return [upper >> 8, upper & 0xff, lower >> 8, lower & 0xff].join('.')
}

function normalizeIPv6(text: string): string | undefined {
  // The parser of URLs writes it as RFC 5952 says, and refuses what is none.
  const url =
    /^[0-9A-Fa-f:.]+$/.test(text) && URL.canParse(`http://[${text}]`) ? new URL(`http://[${text}]`) : undefined
  return url && unmapIPv4(url.hostname.slice(1, -1))
}
