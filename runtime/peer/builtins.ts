import { type ConnectionSchemas, type NetgenHandlers, NULL } from '../../schemas/generated/netgen.js'
import type { Peer } from '../api/peer.js'
import type { ConnectedConnection } from '../call/connected-connection.js'
import type { Connections } from '../call/connections.js'
import { PROTOCOL_VERSION, VERSION } from '../version.js'

/** The handlers of the connections that every peer answers: `netgen.info`, `netgen.connections`, `netgen.passThrough` and `netgen.null`. */
export function createBuiltinHandlers(peer: Peer, connections: Connections): NetgenHandlers {
  return {
    info: (context) => ({
      tag: context.tag,
      id: peer.id,
      host: peer.host,
      port: peer.port,
      group: peer.group,
      hub: peer.hub,
      versions: { netgen: VERSION, protocol: PROTOCOL_VERSION },
      connections: connections.served.map(({ descriptor: { tag, aliases, digest, idempotent } }) => ({
        tag,
        aliases: [...aliases],
        digest,
        idempotent,
      })),
      schemas: Object.fromEntries([...connections.schemas].map(({ name, digest }) => [name, digest])),
    }),
    connections: () => Promise.all(connections.served.map(describeConnection)),
    passThrough: (input) => input,
    null: (context) => context.flag(NULL),
  }
}

type JsonSchemas = Pick<ConnectionSchemas, 'input' | 'output' | 'errors'>

async function describeConnection({ tag, descriptor, checks }: ConnectedConnection): Promise<ConnectionSchemas> {
  const { jsonSchemas } = await checks.get()
  const streams = (['input', 'output'] as const).filter((side) => descriptor[side] === 'stream')
  // Written by `netgen build`, in the shape that the generated module's type states.
  return { tag, streams, ...(JSON.parse(jsonSchemas) as JsonSchemas) }
}
