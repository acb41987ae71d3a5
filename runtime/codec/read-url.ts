/**
 * How long the host of a URL may be with its port, in UTF-16 units as it is written. Names of DNS have 253 characters (RFC 1035), and a
 * parser puts the combining marks of a longer one into their order pair by pair: 1 MiB of them holds up a peer for 20 seconds.
 */
export const MAX_HOST_LENGTH = 256

/** The URL that a text says; undefined where it says none, or one whose host is longer than {@link MAX_HOST_LENGTH}. */
export function readUrl(text: string): URL | undefined {
  if (text.length > MAX_HOST_LENGTH && findHost(text).length > MAX_HOST_LENGTH) return undefined
  try {
    return new URL(text)
  } catch {
    return undefined
  }
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
