import { printValue } from '../errors/print-value.js'
import { suggest } from '../errors/suggest.js'
import { refuseUnserved } from '../errors/unserved.js'
import type { ConnectedConnection } from './connected-connection.js'
import type { Connections } from './connections.js'

/** What looking up a tag needs of the peer. */
export interface ServedOptions {
  /** The peer in words. */
  readonly label: () => string
  readonly connections: Connections
}

/** The connection that answers a tag or an alias here. Throws `unimplemented` where there is none, and says what there is. */
export function findServed({ connections, label }: ServedOptions, tag: string): ConnectedConnection {
  const connection = connections.find(tag)
  if (connection !== undefined) return connection
  const tags = connections.served.map((served) => served.tag)
  const near = suggest(tag, tags)
  const hint = near === undefined ? listTags(tags) : `did you mean ${printValue(near)}?`
  const peer = label()
  throw refuseUnserved(`${peer} has no connection ${printValue(tag)}: ${hint}`, { peer, asked: tag, has: tags })
}

const MAX_LISTED_TAGS = 10

function listTags(tags: readonly string[]): string {
  // Every peer has netgen's own.
  const own = tags.filter((tag) => !tag.startsWith('netgen.'))
  if (own.length === 0) return 'it has none of its own'
  const shown = own.slice(0, MAX_LISTED_TAGS).join(', ')
  return `it has ${own.length > MAX_LISTED_TAGS ? `${shown}, and ${own.length - MAX_LISTED_TAGS} more` : shown}`
}
