import type { RemotePeer } from '../../api/remote-peer.js'
import { refuse } from '../../errors/refuse.js'
import type { Engine } from './engine.js'
import { nameStreams } from './jetstream/names.js'
import { listServiceSubjects } from './services/answer-services.js'
import { nameAddress, nameBeats, nameEvent, nameGreeting, nameGroup, nameLink, namePeer } from './subjects.js'

/** What a server has to permit to the user of a peer: the part `permissions` of a user in its configuration. */
export interface NatsPermissions {
  readonly publish: readonly string[]
  readonly subscribe: readonly string[]
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
   * Durable events: what JetStream needs for the streams of the group. Whoever may make a stream or a consumer says which subjects it
   * hears, and which ones the server publishes to in its place; no permission checks those: whoever has this may act in all groups of the
   * account. Default: false.
   */
  readonly durable?: boolean
}

/** Where clients of NATS that are no peers want their answers: each below a name that nobody guesses who was never asked from there. */
const INBOXES = '_INBOX.>'

/**
 * The permissions of a user who may act in one group alone: whoever has no others neither sees, calls, hears nor feigns peers of another.
 * `allow_responses` is no part of them, and would be the end of that: with it nats-server permits to publish wherever an answer is wanted
 * to what one has received, and one may send oneself what wants its answer in another group.
 */
export function listPermissions(group: string, { durable = false }: PermissionOptions = {}): NatsPermissions {
  const all = `${nameGroup(group)}.>`
  const publish = durable ? [all, INBOXES, ...listJetStreamSubjects(group)] : [all, INBOXES]
  return { publish, subscribe: [all, ...listServiceSubjects(group)] }
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
    nameEvent(self, 'probe'),
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
