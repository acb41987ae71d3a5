import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'

/** The longest group of a peer at an engine, in bytes of UTF-8: it stands in subjects, which are no longer than 4 KiB. */
export const MAX_GROUP_BYTES = 255

/** Throws `invalid_argument` where a group does not fit into the subjects of an engine. */
export function checkGroupBytes(group: string): void {
  const bytes = Buffer.byteLength(group)
  if (bytes <= MAX_GROUP_BYTES) return
  throw refuse('invalid_argument', `group has ${bytes} bytes, and an engine takes ${MAX_GROUP_BYTES} at most`)
}

const SCHEMES = ['nats:', 'tls:']

const EXPECTED = 'expected a URL such as nats://localhost:4222'

/**
 * Reads the URL of a server, or of several. Throws `invalid_argument`, which begins with `where`, for what is none, for a password without a
 * user, what follows host and port, and several users.
 */
export function readServers(servers: unknown, where: string): readonly URL[] {
  const list: unknown = typeof servers === 'string' ? [servers] : servers
  if (!Array.isArray(list) || list.length === 0)
    throw refuse('invalid_argument', `${where} is ${printValue(servers)}, ${EXPECTED}`)
  const urls = list.map((server: unknown) => {
    if (!isServer(server)) throw refuse('invalid_argument', `${where} has ${printServer(server)}, ${EXPECTED}`)
    const url = new URL(server)
    const problem = findProblem(url)
    if (problem !== undefined) throw refuse('invalid_argument', `${where} has ${printServer(server)}, ${problem}`)
    return url
  })
  const users = new Set(urls.filter(({ username }) => username !== '').map(printLogin))
  if (users.size <= 1) return urls
  throw refuse('invalid_argument', `${where} has URLs with several users: name the same in each, or one in the first`)
}

function findProblem({ username, password, pathname, search, hash }: URL): string | undefined {
  if (username === '' && password !== '') return 'and its password has no user: name it before the colon'
  // Schemes that no browser knows have no path where none is named.
  const isBare = ['', '/'].includes(pathname) && search === '' && hash === ''
  return isBare ? undefined : 'and something follows its host and port: leave that out'
}

function printLogin({ username, password }: URL): string {
  return `${username}:${password}`
}

function isServer(text: unknown): text is string {
  if (typeof text !== 'string' || !URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  return SCHEMES.includes(protocol) && hostname !== '' && isEscaped(username) && isEscaped(password)
}

function isEscaped(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** Without what stands before the host, and what follows it: either may be a password. */
function printServer(server: unknown): string {
  if (typeof server !== 'string') return printValue(server)
  return printValue(server.replace(/\/\/.*@/s, '//…@').replace(/(\/\/[^/?#]*)[/?#].*$/s, '$1'))
}
