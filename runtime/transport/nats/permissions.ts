import type { RemotePeer } from '../../api/remote-peer.js'
import { refuse } from '../../errors/refuse.js'
import type { Engine } from './engine.js'
import { nameStreams } from './jetstream/names.js'
import { nameAddress, nameBeats, nameGreeting, nameGroup, nameLink, namePeer } from './subjects.js'

/** What a server has to permit to the user of a peer: the part `permissions` of a user in its configuration. */
export interface NatsPermissions {
  readonly publish: readonly string[]
  readonly subscribe: readonly string[]
  /** Answers to clients of NATS that are no peers, wherever they want them. */
  readonly allow_responses: true
}

/** Something that a peer needs, and its user may not. */
export interface MissingPermission {
  readonly verb: 'hear' | 'publish to'
  readonly subject: string
  /** What to permit. */
  readonly permit: string
}

/** What else a user is to be permitted. */
export interface PermissionOptions {
  /**
   * Durable events: what JetStream needs for the streams of the group. Whoever may make a stream says which subjects it has, and no
   * permission checks those: users of several groups that have this have to trust each other. Default: false.
   */
  readonly durable?: boolean
}

/** The permissions of a user who may act in one group alone: whoever has no others neither sees, calls, hears nor feigns peers of another. */
export function listPermissions(group: string, { durable = false }: PermissionOptions = {}): NatsPermissions {
  const all = `${nameGroup(group)}.>`
  const publish = durable ? [all, ...listJetStreamSubjects(group)] : [all]
  return { publish, subscribe: [all, '$SRV.>'], allow_responses: true }
}

/** Where JetStream is asked for what peers do with the streams of a group, and told what was handled. */
function listJetStreamSubjects(group: string): string[] {
  const { events, dead } = nameStreams(group)
  const streams = [events, dead].flatMap((name) => [`STREAM.INFO.${name}`, `STREAM.CREATE.${name}`])
  const consumers = ['CREATE', 'DURABLE.CREATE', 'INFO', 'DELETE', 'MSG.NEXT'].map(
    (verb) => `CONSUMER.${verb}.${events}.>`,
  )
  return [...['INFO', ...streams, ...consumers].map((subject) => `$JS.API.${subject}`), `$JS.ACK.${events}.>`]
}

/**
 * Tries what a peer needs of its own group, and resolves with what its user may not. It publishes nothing that means anything to
 * whoever hears it.
 */
export async function findMissing(engine: Engine, self: RemotePeer): Promise<MissingPermission[]> {
  const { group } = self
  const permit = `${nameGroup(group)}.>`
  const missing: MissingPermission[] = []
  const subjects = [
    nameBeats(group),
    namePeer(self, 'who'),
    namePeer(self, 'link'),
    nameAddress(group, self),
    nameLink(self, 'probe'),
    nameGreeting(self),
  ]
  const ends = subjects.map((subject) =>
    engine.subscribe(
      subject,
      () => {},
      () => missing.push({ verb: 'hear', subject, permit }),
    ),
  )
  const end = engine.followRefusals((subject) => {
    if (subjects.includes(subject)) missing.push({ verb: 'publish to', subject, permit })
  })
  for (const subject of subjects) engine.publish(subject, '')
  await engine.flush()
  // What the server refused is told in turn with what it answered.
  await new Promise(setImmediate)
  for (const stop of [...ends, end]) stop()
  return missing
}

/** Rejects with `permission_denied` where the server does not permit what a peer needs, and says what to permit. */
export async function refuseMissing(engine: Engine, self: RemotePeer): Promise<void> {
  const [first] = await findMissing(engine, self)
  if (first === undefined) return
  const { verb, subject, permit } = first
  throw refuse(
    'permission_denied',
    `the engine does not permit this peer to ${verb} ${subject}: permit ${permit} to its user, to publish and to subscribe`,
  )
}
