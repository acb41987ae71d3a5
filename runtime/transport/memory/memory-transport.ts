import { type Address, printAddress } from '../../api/address.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { type CallScope, PEER_CLOSED } from '../../call/scope/call-scope.js'
import { runOutside } from '../../call/scope/running-call.js'
import { carryStream } from '../../call/streams/carry-stream.js'
import { refuseGone } from '../../errors/refuse.js'
import type { Feed, FeedListener, PublishedEvents } from '../../wire/events.js'
import type { CallerIdentity, ReceivedAnswer, WireCall } from '../../wire/exchange.js'
import type { ReceivedStream, WireStreamCall } from '../../wire/streams.js'
import { LocalFeed } from '../carry-events.js'
import type { Answerer, Identity, Transport } from '../transport.js'
import type { Conditions } from './conditions.js'

/** The host name that all peers in memory have. */
const MEMORY_HOST = 'memory'

/** The events of a peer, and what carries them to others. */
interface ServedEvents {
  readonly events: PublishedEvents
  readonly feeds: Set<LocalFeed>
}

interface Listener extends ServedEvents {
  readonly peer: RemotePeer
  readonly answerer: Answerer
}

/** The addresses of one network in memory. Peers of different networks never meet. */
export class MemorySwitch {
  readonly conditions: Conditions
  readonly #listeners = new Map<number, Listener>()
  readonly #followers = new Set<() => void>()
  #nextPort = 1

  constructor(conditions: Conditions) {
    this.conditions = conditions
  }

  get peers(): RemotePeer[] {
    return [...this.#listeners.values()].map(({ peer }) => peer)
  }

  bind(identity: Identity, answerer: Answerer, served: ServedEvents): RemotePeer {
    const peer = Object.freeze({ ...identity, host: MEMORY_HOST, port: this.#nextPort++ })
    this.#listeners.set(peer.port, { peer, answerer, ...served })
    this.#tell()
    return peer
  }

  unbind(port: number): void {
    if (this.#listeners.delete(port)) this.#tell()
  }

  /** Two peers reach each other again. */
  heal(leftId: string, rightId: string): void {
    this.conditions.heal(leftId, rightId)
    this.#tell()
  }

  /** Calls the follower whenever somebody came, went, or may be reached again, until the answer is called. */
  follow(follower: () => void): () => void {
    this.#followers.add(follower)
    return () => this.#followers.delete(follower)
  }

  find(address: Address): Listener {
    const listener = address.host === MEMORY_HOST ? this.#listeners.get(address.port) : undefined
    if (listener !== undefined) return listener
    throw refuseGone(`no peer listens at ${printAddress(address)}: it is closed, or of another network`)
  }

  /** The same for a peer that is meant, and not another one at its address. */
  findPeer(peer: RemotePeer): Listener {
    const listener = this.find(peer)
    if (listener.peer.id === peer.id) return listener
    throw refuseGone(`peer ${peer.id} is gone: at ${printAddress(peer)} is another one now`)
  }

  #tell(): void {
    for (const follower of [...this.#followers]) follower()
  }
}

/** Carries calls inside one process, as JSON text through the same checks and limits, without a socket. */
export class MemoryTransport implements Transport {
  readonly #switch: MemorySwitch
  readonly #open = new Set<CallScope>()
  /** Subscriptions of this peer's, and of others to it. */
  readonly #feeds = new Set<LocalFeed>()
  readonly #served = new Set<LocalFeed>()
  #address: Address | undefined
  #self: CallerIdentity = { id: '', group: '' }

  constructor(memorySwitch: MemorySwitch) {
    this.#switch = memorySwitch
  }

  listen(identity: Identity, answerer: Answerer, events: PublishedEvents): Promise<Address> {
    const { host, port } = this.#switch.bind(identity, answerer, { events, feeds: this.#served })
    this.#self = { id: identity.id, group: identity.group }
    this.#address = { host, port }
    return Promise.resolve(this.#address)
  }

  async identify(address: Address): Promise<RemotePeer> {
    const { peer } = this.#switch.find(address)
    this.#switch.conditions.refuseCut(this.#self.id, peer)
    return peer
  }

  async call(peer: RemotePeer, call: WireCall, scope: CallScope): Promise<ReceivedAnswer> {
    const { answerer } = this.#switch.findPeer(peer)
    const { conditions } = this.#switch
    conditions.refuseCut(this.#self.id, peer)
    scope.maybeExecuted = true
    this.#open.add(scope)
    const end = conditions.begin(this.#self.id, peer.id, scope)
    try {
      const arrival = conditions.travel()
      if (arrival !== undefined) await scope.race(arrival)
      // A socket would not carry the caller's async context either.
      const served = runOutside(() => answerer.serve({ ...call, input: { text: call.body } }))
      return await scope.carry(conditions.delay(served))
    } finally {
      end()
      this.#open.delete(scope)
    }
  }

  stream(peer: RemotePeer, call: WireStreamCall, scope: CallScope): ReceivedStream {
    const { answerer } = this.#switch.findPeer(peer)
    const { conditions } = this.#switch
    conditions.refuseCut(this.#self.id, peer)
    this.#open.add(scope)
    const end = conditions.begin(this.#self.id, peer.id, scope)
    return carryStream(
      call.items === undefined ? call : { ...call, items: conditions.delayItems(call.items) },
      scope,
      (arrived) => {
        const served = answerer.serveStream(arrived)
        const pull = (): ReturnType<typeof served.pull> => runOutside(() => served.pull())
        return conditions.delayItems({ pull, cancel: () => runOutside(() => served.cancel()) })
      },
      () => {
        end()
        this.#open.delete(scope)
      },
    )
  }

  subscribe(peer: RemotePeer, tag: string, listener: FeedListener): Feed {
    const { events, feeds } = this.#switch.findPeer(peer)
    const { conditions } = this.#switch
    conditions.refuseCut(this.#self.id, peer)
    const open = [feeds, this.#feeds]
    const way = {
      publisher: events,
      subscriber: this.#self,
      travel: () => conditions.travel(),
      onEnd: () => {
        end()
        for (const some of open) some.delete(feed)
      },
    }
    const feed = new LocalFeed(way, tag, listener)
    const end = conditions.begin(this.#self.id, peer.id, { stop: () => feed.lose() })
    for (const some of open) some.add(feed)
    return feed
  }

  leave(): void {
    if (this.#address !== undefined) this.#switch.unbind(this.#address.port)
  }

  close(): Promise<void> {
    this.leave()
    for (const scope of this.#open) scope.stop(PEER_CLOSED)
    for (const feed of [...this.#feeds]) feed.close()
    for (const feed of [...this.#served]) feed.finish()
    return Promise.resolve()
  }
}
