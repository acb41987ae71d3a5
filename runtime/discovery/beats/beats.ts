import { setTimeout as sleep } from 'node:timers/promises'
import type { Address } from '../../api/address.js'
import type { Logger } from '../../api/logger.js'
import type { PeerChange } from '../../api/peer.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { PATIENCE_THERE, type Patience } from '../detector.js'
import type { Greeter } from '../greetings/greeter.js'
import type { Claims, Provider } from '../provider.js'
import { type Acquaintance, Acquaintances } from './acquaintance.js'
import { BeatSocket } from './beat-socket.js'
import { type Beat, isBeatId, openBeat, sealBeat } from './datagram.js'

/** How often a beat is sent to each peer, in milliseconds. */
const INTERVAL_MS = 250

/** How often a stranger is asked who it is, in milliseconds. */
const CLAIM_INTERVAL_MS = 2_000

/** How often a stranger is greeted before it is asked, and how long it has to answer each time, in milliseconds. */
const GREETINGS = 2
const GREETED_MS = 500

/** When goodbyes are sent, in milliseconds after the first: one of them arrives, also where every tenth is lost. */
const GOODBYES_AFTER_MS = [10, 20]

/** How to make {@link Beats}. */
export interface BeatsOptions {
  /** What datagrams are signed with. */
  readonly key: Buffer
  /** Where connections are listened for, once they are: beats go over the same port of UDP. */
  readonly findBound: () => Address | undefined
  /** Speaks over the same socket. Absent: strangers are only asked. */
  readonly greeter?: Greeter | undefined
  readonly logger: Logger
}

/**
 * Beats between peers of different machines, after the manner of BFD (RFC 5880): small signed datagrams in which each says what it
 * has heard of the other. A peer counts as heard since the time at which the last beat was sent that it has answered: so both
 * ways are open, and nothing that was held back or recorded counts. While nobody follows the peers, beats are only answered.
 */
export class Beats implements Provider {
  readonly name = 'beats'
  readonly isConnectionless = true
  readonly #options: BeatsOptions
  readonly #acquaintances = new Acquaintances()
  #socket: BeatSocket | undefined
  #self: RemotePeer | undefined
  #claims: Claims | undefined
  #isWatching = false
  #isStopped = false

  constructor(options: BeatsOptions) {
    this.#options = options
  }

  async start(self: RemotePeer, claims: Claims): Promise<void> {
    this.#self = self
    this.#claims = claims
    const { greeter, findBound } = this.#options
    const bound = findBound()
    if (bound === undefined || this.#isStopped) return greeter?.close()
    try {
      const socket = await BeatSocket.bind(bound, (datagram, from) => {
        if (greeter?.receive(datagram) !== true) this.#receive(datagram, from)
      })
      // Nobody would close it any more.
      if (this.#isStopped) return await socket.close()
      this.#socket = socket
      greeter?.open({
        self,
        send: (datagram, to) => this.#socket?.send(datagram, to),
        onProven: (peer, askedAtMs) => claims.answered(peer, askedAtMs, this),
      })
    } catch (error) {
      greeter?.close()
      // Silence is then asked about over TCP, which takes longer where packets are lost.
      this.#options.logger.warn('no beats are sent, since their port of UDP is taken', { ...bound, error })
    }
  }

  refresh(): Promise<void> {
    return Promise.resolve()
  }

  watch(): () => void {
    this.#isWatching = true
    const timer = setInterval(() => this.#beat(), INTERVAL_MS).unref()
    this.#beat()
    return () => {
      this.#isWatching = false
      clearInterval(timer)
    }
  }

  asksAgain({ id }: RemotePeer): boolean {
    return this.#socket !== undefined && isBeatId(id)
  }

  notice({ type, peer }: PeerChange): void {
    if (type === 'suspect' || !isBeatId(peer.id)) return
    const acquaintance = this.#acquaintances.find(peer.id)
    acquaintance.peer = peer
    if (type === 'changed' || acquaintance.state === 'departed') return
    acquaintance.state = type === 'joined' ? 'known' : 'lost'
    acquaintance.changedAtMs = performance.now()
    if (type === 'joined' && this.#isWatching) this.#send('beat', peer.id, peer)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#options.greeter?.close()
    const socket = this.#socket
    if (socket === undefined) return
    const listeners = this.#acquaintances.listListeners(performance.now())
    this.#sayGoodbye(listeners)
    for (const afterMs of listeners.length === 0 ? [] : GOODBYES_AFTER_MS) {
      await sleep(afterMs)
      this.#sayGoodbye(listeners)
    }
    this.#socket = undefined
    await socket.close()
  }

  patienceWith(): Patience {
    return PATIENCE_THERE
  }

  #beat(): void {
    for (const peer of this.#acquaintances.listTargets(performance.now())) this.#send('beat', peer.id, peer)
  }

  #sayGoodbye(ids: readonly string[]): void {
    for (const id of ids) {
      const { peer, origin } = this.#acquaintances.find(id)
      const to = peer ?? origin
      if (to !== undefined) this.#send('goodbye', id, to)
    }
  }

  #receive(datagram: Buffer, from: Address): void {
    const self = this.#self
    const beat = self && openBeat(datagram, this.#options.key, self.id)
    if (self === undefined || beat === undefined || beat.senderId === self.id) return
    const sender = this.#acquaintances.find(beat.senderId)
    if (!sender.exchange.take(beat.sequence) || sender.state === 'departed') return
    sender.origin = from
    sender.heardAtMs = performance.now()
    if (beat.kind === 'goodbye') {
      sender.state = 'departed'
      this.#claims?.remove(beat.senderId, this)
      return
    }
    const sentAtMs = sender.exchange.findSentAtMs(beat.echo)
    if (sender.peer === undefined) this.#meet(sender, from, { host: from.host, port: beat.port })
    else if (sentAtMs !== undefined) this.#claims?.answered(sender.peer, sentAtMs, this)
    // Whoever is sent beats anyway hears in the next one that this one came.
    const isTarget = this.#isWatching && sender.state === 'known'
    if (beat.kind === 'beat' && !isTarget) this.#send('reply', beat.senderId, from)
  }

  /** Somebody with the key sends beats, and is not in the table: it is greeted, then asked, but not for each of them. */
  #meet(stranger: Acquaintance, from: Address, address: Address): void {
    const nowMs = performance.now()
    if (nowMs < stranger.nextClaimAtMs) return
    const isGreeted = stranger.greetings < GREETINGS && this.#options.greeter?.greet(from) === true
    stranger.greetings++
    stranger.nextClaimAtMs = nowMs + (isGreeted ? GREETED_MS : CLAIM_INTERVAL_MS)
    if (!isGreeted) this.#claims?.add(address, this)
  }

  #send(kind: Beat['kind'], receiverId: string, to: Address): void {
    const self = this.#self
    if (this.#socket === undefined || self === undefined) return
    const numbers = this.#acquaintances.find(receiverId).exchange.next(performance.now())
    const beat = { kind, senderId: self.id, receiverId, port: self.port, ...numbers }
    this.#socket.send(sealBeat(beat, this.#options.key), to)
  }
}
