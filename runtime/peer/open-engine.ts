import { isEngineAccess } from '../api/engine-access.js'
import { EngineProvider } from '../discovery/engine/engine-provider.js'
import type { HttpTransport } from '../transport/http/http-transport.js'
import { nats } from '../transport/nats/nats.js'
import type { NatsAccess } from '../transport/nats/nats-access.js'
import { NatsLinks } from '../transport/nats/nats-links.js'
import { NatsTransport } from '../transport/nats/nats-transport.js'
import { PeerBook } from '../transport/nats/peer-book.js'
import type { EngineSettings } from './engine-options.js'
import type { PeerParts } from './peer-node.js'
import type { PeerSettings } from './peer-options.js'

/** What a peer is made of whose calls go through the servers of an engine. Nothing is connected before it listens. */
export function openEngine(
  { access, credentialsFile }: EngineSettings,
  id: string,
  { group, logger }: PeerSettings,
  http: HttpTransport,
): Pick<PeerParts, 'transport' | 'providers'> {
  // Of another copy of the package too: then it has what that one has.
  const engine = (isEngineAccess(access) ? access : nats({ servers: access })) as NatsAccess
  const book = new PeerBook()
  const connect = (): ReturnType<NatsAccess['connect']> =>
    engine.connect({ name: `netgen ${group} ${id}`, group, credentialsFile, logger })
  const links = new NatsLinks(connect, http, book)
  return {
    transport: new NatsTransport(links, book),
    providers: [new EngineProvider(() => links.engine, book, engine.beats)],
  }
}
