import type { Address } from '../../api/address.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import type { CallScope } from '../../call/scope/call-scope.js'
import { refuse } from '../../errors/refuse.js'
import { AS_IT_CAME } from '../../wire/as-it-came.js'
import type { Feed, FeedListener, PublishedEvents } from '../../wire/events.js'
import type { ReceivedAnswer, Receiver, WireCall } from '../../wire/exchange.js'
import type { ReceivedStream, WireStreamCall } from '../../wire/streams.js'
import { SessionTransport } from '../session/session-transport.js'
import { Turns } from '../session/turns.js'
import { TagReader } from '../tag-reader.js'
import type { Answerer, Identity, Transport, Witness } from '../transport.js'
import { NatsCalls } from './calls/nats-calls.js'
import { serveQueue } from './calls/served-queue.js'
import { ServedRequests } from './calls/served-requests.js'
import type { EngineMessage } from './engine.js'
import { NatsEvents } from './events/nats-events.js'
import { hearAll } from './hear-all.js'
import type { NatsLinks } from './nats-links.js'
import type { PeerBook } from './peer-book.js'
import { refuseMissing } from './permissions.js'
import { answerServices } from './services/answer-services.js'
import { CountedAnswerer } from './services/counted-answerer.js'
import { nameCalls, namePeer } from './subjects.js'

/**
 * Carries calls as requests and replies over an engine, so that whoever uses NATS can make and answer them; events to all subscribers at
 * once; and streams, which are more than one message each way, over a session for each pair of peers.
 */
export class NatsTransport implements Transport {
  readonly #links: NatsLinks
  readonly #book: PeerBook
  readonly #turns = new Turns()
  readonly #session: SessionTransport
  readonly #ends: (() => void)[] = []
  #leaveQueue: (() => Promise<void>) | undefined
  #witness: Witness | undefined
  #made: NatsCalls | undefined
  #served: ServedRequests | undefined
  #events: NatsEvents | undefined

  constructor(links: NatsLinks, book: PeerBook) {
    this.#links = links
    this.#book = book
    this.#session = new SessionTransport(links, this.#turns)
  }

  get engine(): string | undefined {
    return this.#session.engine
  }

  get lateAnswers(): number {
    return this.#session.lateAnswers + (this.#made?.lateAnswers ?? 0)
  }

  observe(witness: Witness): void {
    this.#witness = witness
    this.#session.observe(witness)
  }

  async listen(identity: Identity, answerer: Answerer, events: PublishedEvents): Promise<Address> {
    const counted = new CountedAnswerer(answerer)
    const address = await this.#session.listen(identity, counted, events)
    const { engine } = this.#links
    const { id, group } = identity
    const self = { ...identity, ...address }
    await refuseMissing(engine, self)
    this.#made = new NatsCalls(engine, this.#book, { id, group }, this.#witness)
    this.#events = new NatsEvents(engine, this.#book, identity, events)
    await this.#events.listen()
    const served = new ServedRequests(engine, this.#book, counted, this.#turns)
    this.#served = served
    const tags = new TagReader(answerer)
    const calls = nameCalls(identity)
    const onCall = (message: EngineMessage): void => {
      const segment = message.subject.slice(calls.length)
      // What else a peer is asked has a `$` where a tag is, and is heard elsewhere.
      if (!segment.startsWith('$')) served.receive(tags.read(segment), message)
    }
    const ends = await hearAll(engine, [
      [`${calls}*`, onCall],
      [namePeer(identity, 'held'), (message) => served.tellHeld(message)],
      [namePeer(identity, 'cancel'), ({ data }) => served.cancel(Buffer.from(data).toString('latin1'))],
    ])
    this.#ends.push(
      ...ends,
      engine.follow((isUp) => {
        if (!isUp) served.lose()
      }),
      ...answerServices(engine, self, counted),
    )
    this.#leaveQueue = serveQueue(engine, group, answerer, (tag, message) => served.receive(tag, message))
    return address
  }

  identify(address: Address | RemotePeer, timeoutMs: number): Promise<RemotePeer> {
    return this.#session.identify(address, timeoutMs)
  }

  call(peer: RemotePeer, call: WireCall, scope: CallScope): Promise<ReceivedAnswer> {
    return this.callAtOnce(peer, call, scope, AS_IT_CAME) as Promise<ReceivedAnswer>
  }

  callAtOnce(peer: RemotePeer, call: WireCall, scope: CallScope, receiver: Receiver): Promise<unknown> {
    if (this.#made === undefined) throw refuse('internal', 'a call over an engine needs a peer that listens')
    return this.#made.send(peer, call, scope, receiver)
  }

  stream(peer: RemotePeer, call: WireStreamCall, scope: CallScope): ReceivedStream | Promise<ReceivedStream> {
    return this.#session.stream(peer, call, scope)
  }

  subscribe(peer: RemotePeer, tag: string, listener: FeedListener, scope: CallScope): Feed | Promise<Feed> {
    if (this.#events === undefined) throw refuse('internal', 'events over an engine need a peer that listens')
    return this.#events.subscribe(peer, tag, listener, scope)
  }

  takeHeard(): string[] {
    return this.#session.takeHeard()
  }

  abandon(peer: RemotePeer): void {
    this.#made?.abandon(peer)
    this.#events?.abandon(peer)
    this.#session.abandon(peer)
  }

  /** Whoever means any peer is answered by another one from now on; who means this one is told that it goes. */
  async withdraw(): Promise<void> {
    await this.#leaveQueue?.()
    await this.#served?.settleClients()
  }

  leave(): void {
    this.#events?.leave()
    this.#session.leave()
  }

  async close(isDrained = false): Promise<void> {
    this.#made?.close()
    this.#served?.close()
    this.#events?.close()
    for (const end of this.#ends) end()
    await this.#session.close(isDrained)
  }
}
