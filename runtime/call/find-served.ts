import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import { hintAt } from '../errors/suggest.js'
import { refuseUnserved } from '../errors/unserved.js'
import type { ConnectedConnection } from './connected-connection.js'
import type { ServiceOptions } from './service-options.js'

/** What looking up a tag needs of the peer. */
export type ServedOptions = Pick<ServiceOptions, 'label' | 'connections' | 'isStarting'>

/**
 * The connection that answers a tag or an alias here. Throws `unimplemented` where there is none, and says what there is; while the
 * peer is starting `unavailable`, for which a call is repeated.
 */
export function findServed({ connections, label, isStarting }: ServedOptions, tag: string): ConnectedConnection {
  const connection = connections.find(tag)
  if (connection !== undefined) return connection
  if (isStarting()) throw refuse('unavailable', `${label()} has no connection ${printValue(tag)} yet: it is starting`)
  const tags = connections.served.map((served) => served.tag)
  const hint = hintAt(tag, tags, listTags(tags))
  const peer = label()
  throw refuseUnserved(`${peer} has no connection ${printValue(tag)}: ${hint}`, { peer, asked: tag, has: tags })
}

const MAX_LISTED_TAGS = 10

function listTags(tags: readonly string[]): string {
  // Every peer has netgen's own.
  const own = tags.filter((tag) => !tag.startsWith('netgen.'))
  if (own.length === 0) return 'it has none of its own: give its peer.connect handlers'
  const shown = own.slice(0, MAX_LISTED_TAGS).join(', ')
  return `it has ${own.length > MAX_LISTED_TAGS ? `${shown}, and ${own.length - MAX_LISTED_TAGS} more` : shown}`
}
