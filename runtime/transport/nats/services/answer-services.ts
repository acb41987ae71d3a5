import type { RemotePeer } from '../../../api/remote-peer.js'
import type { Engine } from '../engine.js'
import type { CountedAnswerer } from './counted-answerer.js'
import { nameService, printService, type ServiceVerb } from './service-records.js'

const VERBS: readonly ServiceVerb[] = ['PING', 'INFO', 'STATS']

/** What a peer of a group has to hear to answer whoever asks for services: `*` stands for the verb, and for its id. */
export function listServiceSubjects(group: string): string[] {
  const own = `$SRV.*.${nameService(group)}`
  return [...VERBS.map((verb) => `$SRV.${verb}`), own, `${own}.*`]
}

/**
 * Answers whoever asks for services, such as `nats micro ls`, from now on (NATS ADR-32). Where the server does not permit that, nobody is
 * answered, and nothing else is amiss. Answers what ends it.
 */
export function answerServices(engine: Engine, self: RemotePeer, answerer: CountedAnswerer): (() => void)[] {
  const state = { self, answerer, startedAt: new Date() }
  const name = nameService(self.group)
  const places = ['', `.${name}`, `.${name}.${self.id}`]
  const subjects = VERBS.flatMap((verb) => places.map((place) => [verb, `$SRV.${verb}${place}`] as const))
  return subjects.map(([verb, subject]) =>
    engine.subscribe(
      subject,
      (message) => engine.answer(message, printService(verb, state, engine.maxBytes)),
      // Services are for whoever looks after peers: no call needs them.
      () => {},
    ),
  )
}
