import { type Address, printAddress } from '../../api/address.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { type CallScope, PEER_CLOSED } from '../../call/scope/call-scope.js'
import { runOutside } from '../../call/scope/running-call.js'
import { refuse } from '../../errors/refuse.js'
import type { Feed, FeedListener, PublishedEvents } from '../../wire/events.js'
import type { ReceivedAnswer, Receiver, WireCall } from '../../wire/exchange.js'
import type { ReceivedStream, WireStreamCall } from '../../wire/streams.js'
import type { Answerer, Identity, Transport, Witness } from '../transport.js'
import { createHello } from './hello.js'
import type { Link } from './link.js'
import type { Links } from './links.js'
import { Session } from './session.js'
import { SessionTable } from './session-table.js'
import { Turns } from './turns.js'

/** How often a session may end as soon as it is there, before a call gives up. */
const MAX_DIALS = 3

/** How long opening a session may take, in milliseconds: a call may have far more time than any of it. */
const MAX_DIAL_MS = 30_000

/** How long it goes on after the deadline of the call that began it, in milliseconds: whoever waits is told of the deadline first. */
const DIAL_REST_MS = 100

/** Carries calls over one session for each pair of peers, opened on first use. */
export class SessionTransport implements Transport {
  readonly #links: Links
  readonly #sessions = new SessionTable()
  readonly #turns: Turns
  /** Sessions that are being opened, by the id of the peer. */
  readonly #opening = new Map<string, { readonly session: Promise<Session>; readonly giveUp: () => void }>()
  /** Calls that wait for a session. */
  readonly #dialling = new Set<CallScope>()
  #lateAnswers = 0
  #self: RemotePeer | undefined
  #isClosed = false
  #answerer: Answerer | undefined
  #witness: Witness | undefined
  #events: PublishedEvents | undefined

  /** `turns` are those that calls take which come in other ways too. Default: there are none. */
  constructor(links: Links, turns: Turns = new Turns()) {
    this.#links = links
    this.#turns = turns
  }

  get lateAnswers(): number {
    return this.#lateAnswers
  }

  get engine(): string | undefined {
    return this.#links.state
  }

  observe(witness: Witness): void {
    this.#witness = witness
  }

  async listen(identity: Identity, answerer: Answerer, events: PublishedEvents): Promise<Address> {
    this.#answerer = answerer
    this.#events = events
    const address = await this.#links.listen(identity, answerer, (link) => this.#createSession(link, 'acceptor'))
    const { id, group, hub } = identity
    this.#self = Object.freeze({ id, group, hub, ...address })
    return address
  }

  identify(address: Address | RemotePeer, timeoutMs: number): Promise<RemotePeer> {
    return this.#links.identify(address, timeoutMs)
  }

  call(peer: RemotePeer, call: WireCall, scope: CallScope): Promise<ReceivedAnswer> {
    const session = this.#sessions.find(peer.id)
    if (session !== undefined) return session.call(call, scope)
    return this.#afterDial(peer, scope, (opened) => opened.call({ ...call, timeLeftMs: scope.sentTimeLeftMs }, scope))
  }

  callAtOnce(peer: RemotePeer, call: WireCall, scope: CallScope, receiver: Receiver): Promise<unknown> | undefined {
    return this.#sessions.find(peer.id)?.send(call, scope, receiver)
  }

  stream(peer: RemotePeer, call: WireStreamCall, scope: CallScope): ReceivedStream | Promise<ReceivedStream> {
    const session = this.#sessions.find(peer.id)
    if (session !== undefined) return session.stream(call, scope)
    return this.#afterDial(peer, scope, (opened) => opened.stream({ ...call, timeLeftMs: scope.sentTimeLeftMs }, scope))
  }

  subscribe(peer: RemotePeer, tag: string, listener: FeedListener, scope: CallScope): Feed | Promise<Feed> {
    const session = this.#sessions.find(peer.id)
    if (session !== undefined) return session.subscribe(tag, listener)
    return this.#afterDial(peer, scope, (opened) => opened.subscribe(tag, listener))
  }

  takeHeard(): string[] {
    return this.#sessions.takeHeard()
  }

  abandon(peer: RemotePeer): void {
    this.#sessions.abandon(peer.id)
    this.#opening.get(peer.id)?.giveUp()
    this.#links.abandon?.(peer)
  }

  leave(): void {
    this.#links.leave()
    this.#sessions.leave()
  }

  async close(isDrained = false): Promise<void> {
    this.#isClosed = true
    for (const scope of this.#dialling) scope.stop(PEER_CLOSED)
    await this.#sessions.close(isDrained)
    await this.#links.close(isDrained)
  }

  async #afterDial<Result>(
    peer: RemotePeer,
    scope: CallScope,
    run: (session: Session) => Result | Promise<Result>,
  ): Promise<Result> {
    this.#dialling.add(scope)
    try {
      const session = await this.#findAfterDial(peer, scope)
      if (scope.stopped !== undefined) throw scope.toError(scope.stopped)
      return await run(session)
    } finally {
      this.#dialling.delete(scope)
    }
  }

  async #findAfterDial(peer: RemotePeer, scope: CallScope): Promise<Session> {
    for (let attempt = 0; attempt < MAX_DIALS; attempt++) {
      await scope.race(this.#dial(peer, Math.min(scope.timeLeftMs, MAX_DIAL_MS) + DIAL_REST_MS))
      // The other side may have dialled meanwhile, and its session be the one that is kept.
      const session = this.#sessions.find(peer.id)
      if (session !== undefined) return session
    }
    throw refuse(
      'unavailable',
      `${printAddress(peer)} ended each of ${MAX_DIALS} sessions at once: the handler has not run`,
    )
  }

  /** Calls that come while a session is being opened wait for the same one. */
  #dial(peer: RemotePeer, timeoutMs: number): Promise<Session> {
    const known = this.#opening.get(peer.id)
    if (known !== undefined) return known.session
    const dialling = new AbortController()
    // The session carries many calls, and none of them is part of the one that happens to open it.
    const session = runOutside(() => this.#openSession(peer, timeoutMs, dialling.signal)).finally(() =>
      this.#opening.delete(peer.id),
    )
    this.#opening.set(peer.id, { session, giveUp: () => dialling.abort() })
    return session
  }

  async #openSession(target: RemotePeer, timeoutMs: number, signal: AbortSignal): Promise<Session> {
    const { link, peer } = await this.#links.dial(target, timeoutMs, signal)
    if (!this.#isClosed) return this.#createSession(link, 'dialer', peer)
    link.terminate()
    throw refuse('unavailable', 'this peer is closed: make a new one')
  }

  #createSession(link: Link, role: 'dialer' | 'acceptor', dialled?: RemotePeer): Session {
    const self = this.#self
    const answerer = this.#answerer
    const events = this.#events
    if (self === undefined || answerer === undefined || events === undefined)
      throw refuse('internal', 'a session needs a peer that listens')
    const session: Session = new Session({
      link,
      role,
      hello: createHello(self, answerer.schemas),
      answerer,
      events,
      turns: this.#turns,
      ...(dialled && { dialled }),
      onOpen: (peer) => {
        if (role === 'acceptor') this.#sessions.add(peer.id, session, isPreferred(peer, self))
      },
      onLateAnswer: () => {
        this.#lateAnswers++
      },
      onEnd: () => {
        const peerId = this.#sessions.remove(session)
        if (peerId !== undefined) this.#witness?.lost(peerId)
      },
    })
    // Whoever dials knows already, by its proof, who answers.
    if (dialled !== undefined) this.#sessions.add(dialled.id, session, isPreferred(self, dialled))
    return session
  }
}

/** Where two peers dial each other at once, both keep the session that the peer with the lower id has dialled. */
function isPreferred(dialer: RemotePeer, acceptor: RemotePeer): boolean {
  return dialer.id < acceptor.id
}
