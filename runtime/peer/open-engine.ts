import { EngineProvider } from '../discovery/engine/engine-provider.js'
import type { HttpTransport } from '../transport/http/http-transport.js'
import { connectEngine } from '../transport/nats/connect-engine.js'
import { NatsLinks } from '../transport/nats/nats-links.js'
import { PeerBook } from '../transport/nats/peer-book.js'
import { SessionTransport } from '../transport/session/session-transport.js'
import type { PeerParts } from './peer-node.js'
import type { PeerSettings } from './peer-options.js'

/** What a peer is made of whose calls go through the servers of an engine. Nothing is connected before it listens. */
export function openEngine(
  servers: readonly string[],
  id: string,
  { group, logger }: PeerSettings,
  http: HttpTransport,
): Pick<PeerParts, 'transport' | 'providers'> {
  const book = new PeerBook()
  const links = new NatsLinks(() => connectEngine(servers, `netgen ${group} ${id}`, logger), http, book)
  return { transport: new SessionTransport(links), providers: [new EngineProvider(() => links.engine, book)] }
}
