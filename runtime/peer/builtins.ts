import {
  type ConnectionSchemas,
  type KnownDeclaration,
  type NetgenHandlers,
  NULL,
} from '../../schemas/generated/netgen.js'
import type { Peer } from '../api/peer.js'
import type { ConnectedConnection } from '../call/connected-connection.js'
import type { Connections } from '../call/connections.js'
import { PROTOCOL_VERSION, VERSION } from '../version.js'
import type { InfoSettings } from './info-options.js'

/** The handlers of the connections that every peer answers: `netgen.info`, `netgen.connections`, `netgen.passThrough` and `netgen.null`. */
export function createBuiltinHandlers(peer: Peer, connections: Connections, settings: InfoSettings): NetgenHandlers {
  return {
    info: (context) => ({
      tag: context.tag,
      id: peer.id,
      host: peer.host,
      port: peer.port,
      group: peer.group,
      hub: peer.hub,
      versions: { netgen: VERSION, protocol: PROTOCOL_VERSION },
      ...settings.process,
      info: { ...settings.info },
      connections: connections.served.map(({ descriptor: { tag, aliases, digest, idempotent } }) => ({
        tag,
        aliases: [...aliases],
        digest,
        idempotent,
      })),
      events: [...connections.schemas].flatMap(({ events }) => events.map(pickDigest)),
      subscriptions: [...peer.subscriptions.keys()],
      flags: Array.from(peer.flags.values(), pickDigest),
      schemas: Object.fromEntries([...connections.schemas].map(({ name, digest }) => [name, digest])),
    }),
    connections: () => Promise.all(connections.served.map(describeConnection)),
    passThrough: (input) => input,
    null: (context) => context.flag(NULL),
  }
}

function pickDigest({ tag, digest }: { readonly tag: string; readonly digest: string }): KnownDeclaration {
  return { tag, digest }
}

type JsonSchemas = Pick<ConnectionSchemas, 'input' | 'output' | 'errors'>

async function describeConnection({ tag, descriptor, checks }: ConnectedConnection): Promise<ConnectionSchemas> {
  const { jsonSchemas } = await checks.get()
  const streams = (['input', 'output'] as const).filter((side) => descriptor[side] === 'stream')
  // Written by `netgen build`, in the shape that the generated module's type states.
  return { tag, streams, ...(JSON.parse(jsonSchemas) as JsonSchemas) }
}
