import { printAddress } from '../../../api/address.js'
import type { RemotePeer } from '../../../api/remote-peer.js'
import type { CallScope } from '../../../call/scope/call-scope.js'
import { isRefusal, refuse } from '../../../errors/refuse.js'
import type { Feed, FeedListener, PublishedEvents } from '../../../wire/events.js'
import { printKept } from '../../session/events/event-messages.js'
import { explainDown } from '../calls/explain-loss.js'
import type { Engine, EngineMessage } from '../engine.js'
import { hearAll } from '../hear-all.js'
import type { PeerBook } from '../peer-book.js'
import { printSince } from '../print-since.js'
import { SilenceCheck } from '../silence-check.js'
import { namePeer } from '../subjects.js'
import { END, EventBroadcast, RENEW } from './event-broadcast.js'
import { FeedAsker } from './feed-asker.js'
import { HeardFeed } from './heard-feed.js'
import { ServedSubscriptions } from './served-subscriptions.js'
import { readFailure, readSubscribing, readUnsubscribing } from './subscription-messages.js'

/** What stands around a payload in a message: three numbers, and what encloses them. In bytes. */
const EVENT_REST_BYTES = 64

/**
 * Live events over an engine. Each is published once, whoever is subscribed, and not at all where nobody is; who is, the publisher is asked
 * for and told by each subscriber, whose subscription lapses where it does not ask again.
 */
export class NatsEvents {
  readonly #engine: Engine
  readonly #book: PeerBook
  readonly #self: Pick<RemotePeer, 'id' | 'group'>
  readonly #broadcast: EventBroadcast
  readonly #served: ServedSubscriptions
  readonly #feeds = new Map<HeardFeed, RemotePeer>()
  /** Tags whose subscribers were asked to renew, as they were asked together: the server may not have taken it. */
  readonly #renewing = new Set<readonly string[]>()
  readonly #ends: (() => void)[] = []
  readonly #silence = new SilenceCheck(() => this.#forgetSilent())
  #lastFeed = 0

  constructor(engine: Engine, book: PeerBook, self: Pick<RemotePeer, 'id' | 'group'>, source: PublishedEvents) {
    this.#engine = engine
    this.#book = book
    this.#self = { id: self.id, group: self.group }
    this.#broadcast = new EventBroadcast(engine, self)
    this.#served = new ServedSubscriptions(source, this.#broadcast)
    source.limit({
      get maxBytes() {
        return engine.maxBytes - EVENT_REST_BYTES
      },
      get explanation() {
        return `the engine takes ${this.maxBytes} at most: raise its max_payload, or send a reference to it`
      },
    })
  }

  /** Takes subscriptions from now on. Rejects with `permission_denied` where the server does not permit to hear them. */
  async listen(): Promise<void> {
    const ends = await hearAll(this.#engine, [
      [namePeer(this.#self, 'subscribe'), (message) => this.#keep(message)],
      [
        namePeer(this.#self, 'unsubscribe'),
        ({ data }) => callWith(readUnsubscribing(data), (ended) => this.#served.drop(ended)),
      ],
      [
        namePeer(this.#self, 'failure'),
        ({ data }) => callWith(readFailure(data), (told) => this.#served.takeFailure(told)),
      ],
    ])
    this.#ends.push(
      ...ends,
      this.#engine.follow((isUp) => (isUp ? this.#onUp() : this.#onDown())),
    )
  }

  /** Subscribes to an event of a peer. Rejects with `unavailable` while the engine is down, and as `HeardFeed.begin` does. */
  async subscribe(publisher: RemotePeer, tag: string, listener: FeedListener, scope: CallScope): Promise<Feed> {
    const engine = this.#engine
    if (engine.downSinceMs !== undefined) throw explainDown(publisher, engine)
    const asker = new FeedAsker({
      engine,
      book: this.#book,
      subscriber: this.#self,
      publisher,
      tag,
      feed: ++this.#lastFeed,
    })
    const feed: HeardFeed = new HeardFeed(asker, publisher, listener, () => this.#feeds.delete(feed))
    this.#feeds.set(feed, publisher)
    try {
      await scope.race(feed.begin(engine, tag))
      return feed
    } catch (error) {
      feed.close()
      throw error
    }
  }

  /** A peer is gone: nothing was heard of it. */
  abandon(peer: RemotePeer): void {
    this.#forget(peer.id)
    const error = refuse('unavailable', `nothing was heard of ${printAddress(peer)}`)
    for (const [feed, { id }] of [...this.#feeds]) if (id === peer.id) feed.lose(error)
  }

  /** Takes nobody new. */
  leave(): void {
    this.#served.leave()
  }

  /** Tells all subscribers that no more comes, and ends its own subscriptions. */
  close(): void {
    this.#silence.end()
    for (const tag of this.#served.tags) this.#broadcast.tell(tag, END)
    for (const end of this.#ends) end()
    for (const feed of [...this.#feeds.keys()]) feed.close()
  }

  #keep(message: EngineMessage): void {
    const asked = readSubscribing(message.data)
    if (asked === undefined) return
    try {
      this.#engine.answer(message, printKept(this.#served.keep(asked)))
      this.#silence.begin()
    } catch (error) {
      if (!isRefusal(error)) throw error
      const { code, message: reason } = error
      this.#engine.answer(message, JSON.stringify({ error: { code, message: reason } }))
    }
  }

  /** Whoever was there, and is not heard any more, is counted no more: also where nobody here follows the peers. Answers whether anybody is left. */
  #forgetSilent(): boolean {
    for (const id of this.#served.peers) if (this.#book.isSilent(id)) this.#forget(id)
    return this.#served.peers.length > 0
  }

  /** Ends the subscriptions of a peer. Should it be there after all, it asks again. While the engine is down, silence says nothing of it. */
  #forget(id: string): void {
    if (this.#engine.downSinceMs !== undefined) return
    this.#renew(this.#served.forget(id), id)
  }

  /** Subscribers at other servers of a cluster may not know that anything was lost, nor those who were forgotten before that was noticed. */
  #onUp(): void {
    const tags = new Set([...this.#served.tags, ...[...this.#renewing].flat()])
    this.#renewing.clear()
    this.#renew([...tags])
  }

  /** Asks who is subscribed to renew that: one peer, or all. */
  #renew(tags: readonly string[], id = ''): void {
    if (tags.length === 0) return
    for (const tag of tags) this.#broadcast.tell(tag, RENEW + id)
    this.#renewing.add(tags)
    this.#engine.onceFlushed(() => this.#renewing.delete(tags))
  }

  #onDown(): void {
    this.#broadcast.release()
    const error = refuse('unavailable', `the engine is down${printSince(this.#engine)}`)
    for (const feed of [...this.#feeds.keys()]) feed.lose(error)
  }
}

function callWith<Value>(value: Value | undefined, call: (value: Value) => void): void {
  if (value !== undefined) call(value)
}
