/**
 * How long the host of a URL may be with its port, in UTF-16 units, as it is written and as the URL standard serialises it. Names of DNS
 * have 253 characters (RFC 1035), and a parser puts the combining marks of a longer one into their order pair by pair: 1 MiB of them
 * holds up a peer for 20 seconds.
 */
export const MAX_HOST_LENGTH = 256

/**
 * The URL that a text says; undefined where it says none, or one whose host is longer than {@link MAX_HOST_LENGTH}. What it returns
 * {@link hasShortHost}, so that whatever was read can be written.
 */
export function readUrl(text: string): URL | undefined {
  if (text.length > MAX_HOST_LENGTH && findHost(text).length > MAX_HOST_LENGTH) return undefined
  try {
    const url = new URL(text)
    return hasShortHost(url) ? url : undefined
  } catch {
    return undefined
  }
}

/** Whether the host of a URL has at most {@link MAX_HOST_LENGTH} units with its port. Punycode makes a name longer than it was written. */
export function hasShortHost(url: URL): boolean {
  return url.host.length <= MAX_HOST_LENGTH
}

/**
 * What stands where the URL standard finds a host: behind two slashes, or behind any number of them, either way, where the scheme is
 * one of the web's.
 */
function findHost(text: string): string {
  // The parser skips these wherever they stand.
  const shown = text.replace(/[\t\n\r]/g, '')
  const scheme = /^[\0-\x20]*(?:(?:https?|wss?|ftp):[/\\]*|file:[/\\]{2}|[a-z][a-z0-9+.-]*:\/\/)/i.exec(shown)
  if (scheme === null) return ''
  const [authority = ''] = shown.slice(scheme[0].length).split(/[/\\?#]/, 1)
  return authority.slice(authority.lastIndexOf('@') + 1)
}
