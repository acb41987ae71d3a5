/** Beyond it a host with its port is refused, in UTF-16 units: a name of DNS has 253 characters (RFC 1035). */
const MAX_AUTHORITY_LENGTH = 256

// The addresses that others can reach: no private ones, none of this machine, no networks' own ones.
const PRIVATE = [
  '(?:10|127)(?:\\.\\d{1,3}){3}',
  '(?:169\\.254|192\\.168)(?:\\.\\d{1,3}){2}',
  '172\\.(?:1[6-9]|2\\d|3[01])(?:\\.\\d{1,3}){2}',
].join('|')
const MIDDLE_BYTE = '\\.(?:1?\\d{1,2}|2[0-4]\\d|25[0-5])'
const LAST_BYTE = '\\.(?:[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-4])'
const ADDRESS = `(?!${PRIVATE})(?:[1-9]\\d?|1\\d\\d|2[01]\\d|22[0-3])(?:${MIDDLE_BYTE}){2}${LAST_BYTE}`
const LETTER = '[a-z0-9\\u00a1-\\uffff]'
const LABEL = `(?:${LETTER}+-)*${LETTER}+`
const NAME = `${LABEL}(?:\\.${LABEL})*\\.[a-z\\u00a1-\\uffff]{2,}`
const AUTHORITY = new RegExp(`^(?:${ADDRESS}|${NAME})(?::\\d{2,5})?$`, 'iu')
const SCHEME = /^(?:https?|ftp):\/\//iu

/**
 * Whether a text is a URL of the web or of FTP, whose host is a public IPv4 address or a name with a dot. It says what the expression
 * of ajv-formats says, but for hosts of more than 256 units, in time that grows with the text's length and not with its square.
 *
 * That expression lets a user's name hold everything but blanks, so that a host may stand behind each `@`, and the first one that
 * fits makes the text a URL.
 */
export function isUrl(text: string): boolean {
  const begin = SCHEME.exec(text)?.[0].length
  if (begin === undefined || /\s/.test(text)) return false
  let at = begin
  for (;;) {
    const end = findEnd(text, at)
    if (text[end] !== '@' && isAuthority(text, at, end)) return true
    // A user's name has one character at least.
    const next = text.indexOf('@', Math.max(end, begin + 1))
    if (next < 0) return false
    at = next + 1
  }
}

/** Where what may be a host ends. */
function findEnd(text: string, begin: number): number {
  let end = begin
  while (end < text.length && text[end] !== '/' && text[end] !== '@') end++
  return end
}

function isAuthority(text: string, begin: number, end: number): boolean {
  return end > begin && end - begin <= MAX_AUTHORITY_LENGTH && AUTHORITY.test(text.slice(begin, end))
}
