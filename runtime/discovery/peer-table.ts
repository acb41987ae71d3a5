import type { PeerChange, PeerFilter } from '../api/peer.js'
import type { RemotePeer } from '../api/remote-peer.js'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import type { Transport } from '../transport/transport.js'
import { Detector, TICK_MS } from './detector.js'
import type { Member } from './members.js'
import { readPeerFilter } from './peer-filter.js'
import { Prober, type ProberOptions } from './prober.js'
import type { Provider } from './provider.js'
import { Roster } from './roster.js'
import type { ServedBy } from './served-by.js'

/** For how long a peer is believed not to serve something when it is listed, in milliseconds. */
const UNSERVED_MS = 0

/** How long who is asked again by a provider has to answer before the table asks, too, in milliseconds. */
const ASKED_AGAIN_MS = 1_000

/** What the table needs of its peer. */
export interface PeerTableOptions extends ProberOptions {
  readonly transport: Pick<Transport, 'identify' | 'takeHeard' | 'abandon'>
  readonly selfId: string
  readonly selfGroup: string
  readonly providers: readonly Provider[]
  /** What the others serve. */
  readonly served: ServedBy
}

/** Is told of every change, as soon as it is known. */
export type PeerListener = (change: PeerChange) => void

/**
 * The other peers: those that a provider claims and that proved to be there. It is looked up when somebody asks; while somebody
 * follows it is kept up to date.
 */
export class PeerTable {
  readonly #options: PeerTableOptions
  readonly #detector = new Detector()
  readonly #roster: Roster
  readonly #listeners = new Map<PeerListener, () => void>()
  #endWatch: (() => void) | undefined
  #tickedAtMs = 0
  #isClosed = false

  constructor(options: PeerTableOptions) {
    this.#options = options
    const { selfId, logger } = options
    const onChange = (change: PeerChange): void => this.#tell(change)
    this.#roster = new Roster({ selfId, prober: new Prober(options), detector: this.#detector, logger, onChange })
  }

  /** Makes this peer known in every way. Rejects where one of them cannot, when the others are done: whoever stops it then stops all. */
  async start(self: RemotePeer): Promise<void> {
    const starts = await Promise.allSettled(
      this.#options.providers.map((provider) => provider.start(self, this.#roster)),
    )
    for (const start of starts) if (start.status === 'rejected') throw start.reason
  }

  /** Says goodbye in every way; the table can still be asked. */
  async stop(): Promise<void> {
    await Promise.all(this.#options.providers.map((provider) => provider.stop?.()))
  }

  /** Ends for all who follow, for good. */
  close(): void {
    this.#isClosed = true
    for (const onClose of [...this.#listeners.values()]) onClose()
    this.#listeners.clear()
    this.#goQuiet()
  }

  /** The peers that are alive and fit the filter, in the order in which they were first heard of. A closed one refuses. */
  async list(filter: PeerFilter): Promise<RemotePeer[]> {
    this.#refuseClosed()
    const { fits, needs } = readPeerFilter(filter, this.#options.selfGroup)
    await this.#look()
    const members = this.#roster.members.filter(({ peer }) => fits(peer))
    const isForced = filter.refresh === true
    const alive = await Promise.all(members.map((member) => this.#roster.isAlive(member, isForced)))
    const peers = members.filter((member, index) => alive[index] === true && fits(member.peer)).map(({ peer }) => peer)
    if (needs.length === 0) return peers
    const serving = await Promise.all(peers.map((peer) => this.#options.served.check(peer, needs, UNSERVED_MS)))
    return peers.filter((_, index) => serving[index])
  }

  /** The peer with an id, as it is claimed: the call itself will have it prove that. Rejects with `not_found`. */
  async find(id: string): Promise<RemotePeer> {
    this.#refuseClosed()
    const known = this.#roster.find(id)
    if (known !== undefined && performance.now() < known.freshUntilMs) return known.peer
    await this.#look()
    const found = this.#roster.find(id)
    if (found !== undefined) return found.peer
    throw refuse('not_found', `peer ${printValue(id)} is unknown: peer.peers() lists those that are there`)
  }

  /**
   * Tells of every change until the answer is called: first that those have joined who are there, then at once what happens. While
   * somebody follows, the providers watch, and who is silent is asked. `onClose` is called where this peer is closed before, and at once where
   * it is closed already.
   */
  follow(listener: PeerListener, onClose: () => void = () => {}): () => void {
    if (this.#isClosed) {
      onClose()
      return () => {}
    }
    if (!this.#roster.isLive) this.#goLive()
    for (const { peer, isProven } of this.#roster.members) {
      if (!isProven) continue
      listener({ type: 'joined', peer })
      if (this.#detector.isSuspect(peer.id)) listener({ type: 'suspect', peer })
    }
    this.#listeners.set(listener, onClose)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#goQuiet()
    }
  }

  /** The session with a peer has ended, or a call to it failed: it has to prove itself again before it counts as alive. */
  lost(id: string): void {
    const member = this.#roster.find(id)
    if (member === undefined) return
    member.freshUntilMs = 0
    if (this.#roster.isLive) void this.#roster.isAlive(member, true)
  }

  #refuseClosed(): void {
    if (this.#isClosed) throw refuse('failed_precondition', 'this peer is closed: make a new one')
  }

  /** Has every provider look, and everyone asked whom they found. Rejects where none of them can. */
  async #look(): Promise<void> {
    const { providers, logger } = this.#options
    const results = await Promise.allSettled(providers.map((provider) => provider.refresh()))
    const failures = results.flatMap((result, index) =>
      result.status === 'rejected' ? [{ provider: providers[index]?.name, error: result.reason as unknown }] : [],
    )
    const [first] = failures
    if (first !== undefined && failures.length === providers.length) throw first.error
    for (const failure of failures) logger.warn('peers cannot be looked for in one of the ways', failure)
    await this.#roster.isSettled
  }

  /** Its silence lasted too long. What waits for it is told after those who choose among peers: it may move on to another one at once. */
  #giveUp(member: Member): void {
    void this.#roster.bury(member, 'it was silent')
    this.#options.transport.abandon?.(member.peer)
  }

  #tell(change: PeerChange): void {
    for (const provider of this.#options.providers) provider.notice?.(change)
    for (const listener of [...this.#listeners.keys()]) listener(change)
  }

  #goLive(): void {
    const nowMs = performance.now()
    // Who was there some time ago joins as soon as it proves itself again; where it never does, nobody else would tell the providers.
    for (const member of this.#roster.members) {
      if (!member.isProven || nowMs < member.freshUntilMs) continue
      member.isProven = false
      // Where thirty peers start at once, to ask each of them over HTTP, too, is most of their work.
      const isAsked = this.#options.providers.some((provider) => provider.asksAgain?.(member.peer) === true)
      member.retryAtMs = isAsked ? nowMs + ASKED_AGAIN_MS : 0
      this.#tell({ type: 'left', peer: member.peer })
    }
    this.#roster.isLive = true
    // What came before, nobody knows when.
    this.#options.transport.takeHeard?.()
    this.#tickedAtMs = nowMs
    const ends = this.#options.providers.map((provider) => provider.watch?.())
    const timer = setInterval(() => this.#tick(), TICK_MS).unref()
    this.#endWatch = () => {
      clearInterval(timer)
      for (const end of ends) end?.()
    }
    this.#look()
      .then(() => this.#tick())
      .catch((error: unknown) => this.#options.logger.warn('peers cannot be looked for', { error }))
  }

  #goQuiet(): void {
    this.#roster.isLive = false
    this.#endWatch?.()
    this.#endWatch = undefined
  }

  #tick(): void {
    const nowMs = performance.now()
    this.#hearSessions()
    this.#tickedAtMs = nowMs
    for (const { id, type } of this.#detector.tick(nowMs)) {
      const member = this.#roster.find(id)
      if (member === undefined) continue
      if (type === 'gone') this.#giveUp(member)
      // Who has to prove itself first is asked below, and nobody was told of it who would have to know.
      else if (!member.isProven) continue
      else if (type === 'probe') void this.#roster.isAlive(member, true)
      else this.#tell({ type: type === 'suspect' ? 'suspect' : 'changed', peer: member.peer })
    }
    for (const member of this.#roster.members) {
      if (!member.isProven && nowMs >= member.retryAtMs) void this.#roster.isAlive(member, true)
    }
  }

  /** Whoever sends over a session is there, and has not to be asked. */
  #hearSessions(): void {
    for (const id of this.#options.transport.takeHeard?.() ?? []) {
      const member = this.#roster.find(id)
      if (member?.isProven === true) this.#roster.hear(member, this.#tickedAtMs)
    }
  }
}
