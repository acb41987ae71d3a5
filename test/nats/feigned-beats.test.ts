import { beforeEach, expect, test } from 'vitest'
import { EngineProvider } from '../../runtime/discovery/engine/engine-provider.js'
import { printIdentity } from '../../runtime/transport/nats/identity-record.js'
import { PeerBook } from '../../runtime/transport/nats/peer-book.js'
import { FakeEngine } from './fake-engine.js'

const SELF = { id: 'self', group: 'notes', hub: false, host: 'here', port: 1 }
const KNOWN = { id: 'known', group: 'notes', hub: false, host: 'there', port: 2 }

let engine: FakeEngine
let told: string[]

beforeEach(async () => {
  engine = new FakeEngine()
  told = []
  const provider = new EngineProvider(() => engine, new PeerBook(), { beatMs: 600, ownGroupOnly: false })
  await provider.start(SELF, {
    add: () => undefined,
    answered: ({ id, group }) => void told.push(`${id} of ${group} is there`),
    remove: (id) => void told.push(`${id} has left`),
  })
  say('beat', KNOWN, 'ng.notes.beat')
  told.length = 0
  engine.published.length = 0
  return () => provider.stop()
})

function say(kind: string, peer: typeof KNOWN, subject: string): void {
  engine.arrive(`{"kind":"${kind}","everyMs":600,"peer":${printIdentity(peer)}}`, undefined, subject)
}

const OTHER = { ...KNOWN, id: 'other', group: 'other' }

test.each([
  ['a beat of its group', 'beat', KNOWN, 'ng.notes.beat', 'known of notes is there'],
  ['a beat of another group, said there', 'beat', OTHER, 'ng.other.beat', 'other of other is there'],
  ['a greeting, answered to this peer alone', 'beat', OTHER, 'ng.notes.i.self', 'other of other is there'],
  ['a goodbye of its group', 'goodbye', KNOWN, 'ng.notes.beat', 'known has left'],
])('%s is believed', (_, kind, peer, subject, want) => {
  say(kind, peer, subject)
  expect(told).toEqual([want])
})

test.each([
  ['of a group, said in another', 'beat', { ...KNOWN, id: 'feigned', hub: true }, 'ng.other.beat'],
  ['hello of a group, said in another', 'hello', { ...KNOWN, id: 'feigned' }, 'ng.other.beat'],
  ["with the id of another group's peer", 'beat', { ...KNOWN, group: 'other' }, 'ng.other.beat'],
  ['with that id, as a greeting', 'beat', { ...KNOWN, group: 'other' }, 'ng.notes.i.self'],
  ['on any other subject', 'beat', KNOWN, 'ng.notes.p.self.$who'],
  ['goodbye of a peer, said in another group', 'goodbye', KNOWN, 'ng.other.beat'],
  ["goodbye with the id of another group's peer", 'goodbye', { ...KNOWN, group: 'other' }, 'ng.other.beat'],
  ['goodbye where greetings are answered', 'goodbye', KNOWN, 'ng.notes.i.self'],
  ['goodbye of somebody unheard', 'goodbye', { ...KNOWN, id: 'unheard' }, 'ng.notes.beat'],
])('a beat that is %s is not', (_, kind, peer, subject) => {
  say(kind, peer, subject)
  expect([told, engine.published]).toEqual([[], []])
})
