import { isEngineAccess } from '../api/engine-access.js'
import { EngineProvider } from '../discovery/engine/engine-provider.js'
import type { HttpTransport } from '../transport/http/http-transport.js'
import type { EngineClient } from '../transport/nats/engine-client.js'
import { JetStreamLog } from '../transport/nats/jetstream/jetstream-log.js'
import { nats } from '../transport/nats/nats.js'
import type { NatsAccess } from '../transport/nats/nats-access.js'
import { NatsLinks } from '../transport/nats/nats-links.js'
import { NatsTransport } from '../transport/nats/nats-transport.js'
import { PeerBook } from '../transport/nats/peer-book.js'
import type { EngineSettings } from './engine-options.js'
import type { PeerSettings } from './peer-options.js'
import type { PeerParts } from './peer-parts.js'

/** What a peer is made of whose calls go through the servers of an engine. Nothing is connected before it listens. */
export function openEngine(
  { access, credentialsFile }: EngineSettings,
  id: string,
  { group, durable, logger }: PeerSettings,
  http: HttpTransport,
): Pick<PeerParts, 'transport' | 'providers' | 'eventLog'> {
  // Of another copy of the package too: then it has what that one has.
  const engine = (isEngineAccess(access) ? access : nats({ servers: access })) as NatsAccess
  const book = new PeerBook()
  let client: EngineClient | undefined
  const connect = async (): ReturnType<NatsAccess['connect']> => {
    const connected = await engine.connect({ name: `netgen ${group} ${id}`, group, credentialsFile, logger })
    client = connected.client
    return connected
  }
  const links = new NatsLinks(connect, http, book)
  return {
    transport: new NatsTransport(links, book),
    providers: [new EngineProvider(() => links.engine, book, engine.beats)],
    eventLog: new JetStreamLog({ group, peerId: id, limits: durable, logger, findClient: () => client }),
  }
}
