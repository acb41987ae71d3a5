import { connection, flag, Type } from 'netgen/schema'

/** A connection that a peer serves, as other peers see it. */
export const ServedConnection = Type.Object({
  tag: Type.String(),
  aliases: Type.Array(Type.String()),
  digest: Type.String({ description: 'Equal digests mean equal wire formats.' }),
  idempotent: Type.Boolean(),
})

/** An event or a flag that a peer knows. */
export const KnownDeclaration = Type.Object({
  tag: Type.String(),
  digest: Type.String({ description: 'Equal digests mean equal wire formats.' }),
})

/** What a peer tells about itself. */
export const PeerInfo = Type.Object({
  tag: Type.String({ description: 'The tag of this very connection.' }),
  id: Type.String(),
  host: Type.String(),
  port: Type.Integer({ minimum: 0, maximum: 65535 }),
  group: Type.String(),
  hub: Type.Boolean(),
  versions: Type.Object({ netgen: Type.String(), protocol: Type.Integer() }),
  user: Type.Optional(Type.String({ description: 'Only where the peer exposes its process.' })),
  executable: Type.Optional(Type.String({ description: 'The same.' })),
  info: Type.Record(Type.String(), Type.Unknown(), { description: 'What the application says of its peer.' }),
  connections: Type.Array(ServedConnection),
  events: Type.Array(KnownDeclaration),
  subscriptions: Type.Array(Type.String(), { description: 'The tags of the events that it is subscribed to.' }),
  flags: Type.Array(KnownDeclaration),
  schemas: Type.Record(Type.String(), Type.String(), { description: 'Digests of the connected schemas, by name.' }),
})

/** A connection with the JSON Schemas of what it takes and answers. */
export const ConnectionSchemas = Type.Object({
  tag: Type.String(),
  input: Type.Optional(Type.Unknown({ description: 'Absent where the connection takes no input.' })),
  output: Type.Optional(Type.Unknown({ description: 'Absent where the connection answers nothing.' })),
  streams: Type.Array(Type.Union([Type.Literal('input'), Type.Literal('output')]), {
    description: 'Which of the two are streams: their schemas are those of one item.',
  }),
  errors: Type.Record(Type.String(), Type.Unknown()),
})

/** A call to what is not served. */
export const InvalidConnection = Type.Object({
  peer: Type.String({ description: 'The peer that was called, in words.' }),
  asked: Type.String({ description: 'The tag that was called.' }),
  has: Type.Array(Type.String(), { description: 'The tags that are served there.' }),
})

/** There is nothing to be said. */
export const NULL = flag({})

/** The peer serves nothing under the tag that was called. Without a handler for it, such a call throws `unimplemented`. */
export const INVALID_CONNECTION = flag({ data: InvalidConnection })

/** Says who the peer is, and what it serves. */
export const info = connection({ output: PeerInfo, idempotent: true })

/** Lists what the peer serves, with JSON Schemas. */
export const connections = connection({ output: Type.Array(ConnectionSchemas), idempotent: true })

/** Answers what it was sent. */
export const passThrough = connection({ input: Type.Unknown(), output: Type.Unknown(), idempotent: true })

/** Ends with the flag `NULL`. */
const nothing = connection({ output: Type.Unknown(), idempotent: true })

export { nothing as null }
