import { setTimeout as sleep } from 'node:timers/promises'
import { type Address, printAddress } from '../api/address.js'
import type { Logger } from '../api/logger.js'
import type { PeerChange } from '../api/peer.js'
import type { RemotePeer } from '../api/remote-peer.js'
import { type Detector, PATIENCE_THERE, type Patience } from './detector.js'
import { addName, addSpare, isAt, MAX_MEMBERS, type Member, Members } from './members.js'
import { type Found, PROBE_TIMEOUT_MS, type Prober } from './prober.js'
import type { Claims, Provider } from './provider.js'
import { Tombstones } from './tombstones.js'

/**
 * For how long a peer that was heard is taken as alive, in milliseconds. With the time of a probe it keeps the promise that a killed
 * peer is gone within 1.25 s.
 */
const FRESH_MS = 750

/** When a peer that was claimed, and did not prove itself, is asked again while somebody follows, in milliseconds. */
const RETRY_MS = 1_000

/**
 * How long somebody unknown may take to prove itself while somebody follows, in milliseconds: nobody waits for it, and where thirty
 * processes start at once on two cores, each takes that long.
 */
const PATIENT_TIMEOUT_MS = 2_000

/**
 * For how long those are waited for who were claimed by an address, all together, in milliseconds: with the time in which ports are tried
 * it keeps the promise that 100 of them, whoever is there, are looked through within 2 s.
 */
const SETTLE_TIMEOUT_MS = 1_500

/** What a roster needs. */
export interface RosterOptions {
  readonly selfId: string
  readonly prober: Prober
  /** Is told who proved itself, and who has ended. */
  readonly detector: Detector
  readonly logger: Logger
  /** Something has become of a peer that had proved itself, or does now. */
  readonly onChange: (change: PeerChange) => void
}

/** Who is said to be there, and what came of asking: a claim becomes a member, a member proves itself, or is buried. */
export class Roster implements Claims {
  /** Whether everyone is asked as soon as it is claimed; else when somebody wants to know. */
  isLive = false
  readonly #options: RosterOptions
  readonly #members = new Members()
  readonly #tombstones = new Tombstones()
  /** Whether somebody was left out since the last one was let in. */
  #isFull = false
  /** Members that are being asked. */
  readonly #probes = new Map<Member, Promise<boolean>>()
  /** Addresses at which somebody unknown is being asked. */
  readonly #lookUps = new Map<string, Promise<void>>()
  /** Addresses that somebody proved to be at, and to which a connection is being opened. */
  readonly #reaches = new Map<string, Promise<void>>()

  constructor(options: RosterOptions) {
    this.#options = options
  }

  /** In the order in which they were first heard of. */
  get members(): readonly Member[] {
    return [...this.#members.all]
  }

  /**
   * Resolves when everybody was asked who was claimed by an address until now, and had the time of a probe to answer; after 1.5 s at the
   * latest. Who had no turn by then is asked later.
   */
  get isSettled(): Promise<unknown> {
    const questions = [...this.#lookUps.values(), ...this.#reaches.values()]
    if (questions.length === 0) return Promise.resolve()
    return Promise.race([Promise.all(questions), sleep(SETTLE_TIMEOUT_MS, undefined, { ref: false })])
  }

  find(id: string): Member | undefined {
    return this.#members.find(id)
  }

  add(claim: RemotePeer | Address, provider: Provider): Promise<void> | undefined {
    if (!('id' in claim)) {
      const there = this.isLive ? this.#members.findAt(printAddress(claim)) : undefined
      // Of whoever is there, its silence tells when it has to be asked.
      there?.providers.add(provider)
      return there === undefined ? this.#lookUp(claim, provider) : undefined
    }
    const nowMs = performance.now()
    if (claim.id === this.#options.selfId || this.#tombstones.saidGoodbye(claim.id, nowMs)) return undefined
    const known = this.#members.find(claim.id)
    known?.providers.add(provider)
    // Who proved itself stays as it did, until whoever is at the other address has proved to be the same.
    if (known === undefined ? this.#tombstones.has(claim.id, nowMs) : !isAt(known, claim)) {
      return this.#lookUp(claim, provider)
    }
    const member = known ?? this.#enter(claim, provider)
    if (this.isLive && member?.isProven === false) void this.isAlive(member, true)
    return undefined
  }

  answered(peer: RemotePeer, askedAtMs: number, provider: Provider): void {
    const member = this.#members.find(peer.id)
    if (member?.isProven === true && isAt(member, peer)) this.hear(member, askedAtMs)
    else if (provider.isConnectionless === true) this.#reach({ type: 'peer', peer, askedAtMs }, provider)
    else this.#accept({ type: 'peer', peer, askedAtMs }, provider)
  }

  remove(id: string, provider: Provider): void {
    const member = this.#members.find(id)
    this.#tombstones.add(id, true, performance.now())
    if (member === undefined) return
    this.#options.logger.debug('a peer has left', { id, provider: provider.name })
    this.#dismiss(member)
  }

  /** Whether a member was heard not long ago, or proves itself now; where `isForced`, it has to do that. */
  isAlive(member: Member, isForced: boolean): Promise<boolean> | boolean {
    if (!isForced && performance.now() < member.freshUntilMs) return true
    const known = this.#probes.get(member)
    if (known !== undefined) return known
    const probe = this.#probe(member).finally(() => this.#probes.delete(member))
    this.#probes.set(member, probe)
    return probe
  }

  /** Something came that only this member can have sent, and not before this time. */
  hear(member: Member, atMs: number): void {
    member.freshUntilMs = Math.max(member.freshUntilMs, atMs + FRESH_MS)
    this.#options.detector.heard(member.peer.id, atMs)
  }

  /** A member is certainly gone. `reason`: what shows that, for the log. */
  async bury(member: Member, reason: string): Promise<void> {
    const { id, host, port } = member.peer
    if (!this.#members.has(member)) return
    this.#options.logger.debug('a peer is gone', { id, host, port, reason })
    if (member.isProven) this.#tombstones.add(id, false, performance.now())
    this.#dismiss(member)
    const forgotten = await Promise.allSettled([...member.providers].map((provider) => provider.forget?.(member.peer)))
    for (const result of forgotten) {
      if (result.status === 'rejected')
        this.#options.logger.warn('a peer cannot be forgotten', { id, error: result.reason })
    }
  }

  #enter(peer: RemotePeer, provider: Provider): Member | undefined {
    const member = this.#members.add(peer)
    if (member === undefined) {
      // Whoever is left out is heard again and again.
      if (!this.#isFull)
        this.#options.logger.warn('a peer is left out, since too many are known', { id: peer.id, limit: MAX_MEMBERS })
      this.#isFull = true
      return undefined
    }
    this.#isFull = false
    member.providers.add(provider)
    return member
  }

  /** Asks who is at an address, unless that is known. */
  #lookUp(address: Address, provider: Provider): Promise<void> | undefined {
    const at = printAddress(address)
    const known = this.#members.findAt(at)
    known?.providers.add(provider)
    const isFresh = known !== undefined && performance.now() < known.freshUntilMs
    const isAsked = this.#lookUps.has(at) || this.#reaches.has(at)
    if (isFresh || isAsked || this.#lookUps.size >= MAX_MEMBERS) return undefined
    const timeoutMs = provider.askTimeoutMs ?? (this.isLive ? PATIENT_TIMEOUT_MS : PROBE_TIMEOUT_MS)
    const lookUp = this.#options.prober.askStranger(address, timeoutMs).then((found) => {
      this.#lookUps.delete(at)
      if (found.type !== 'peer') return
      this.#accept(found, provider)
      const member = this.#members.find(found.peer.id)
      if (member !== undefined) addName(member, address)
    })
    this.#lookUps.set(at, endSoon(lookUp, timeoutMs))
    return lookUp
  }

  /** Lets in who proved itself by a way that calls do not take, once its address takes a connection: a firewall may drop these alone. */
  #reach(found: Found & { type: 'peer' }, provider: Provider): void {
    const at = printAddress(found.peer)
    if (this.#reaches.has(at) || this.#reaches.size >= MAX_MEMBERS) return
    const timeoutMs = this.isLive ? PATIENT_TIMEOUT_MS : PROBE_TIMEOUT_MS
    const reach = this.#options.prober.reaches(found.peer, timeoutMs).then((isReached) => {
      this.#reaches.delete(at)
      if (isReached) this.#accept(found, provider)
    })
    this.#reaches.set(at, endSoon(reach, timeoutMs))
  }

  /** Somebody proved to be at an address where nobody, or somebody else, was claimed. */
  #accept({ peer, askedAtMs }: Found & { type: 'peer' }, provider: Provider): void {
    if (peer.id === this.#options.selfId || !this.#tombstones.mayReturn(peer.id, askedAtMs, performance.now())) return
    const known = this.#members.find(peer.id)
    known?.providers.add(provider)
    if (known !== undefined && !known.isProven && !isAt(known, peer)) {
      // Where it was claimed to be comes first, such as loopback before an interface.
      addSpare(known, peer)
      if (this.isLive) void this.isAlive(known, true)
      return
    }
    const member = known ?? this.#enter(peer, provider)
    if (member !== undefined) this.#prove(member, peer, askedAtMs)
  }

  /** Asks at each address of a member's, until it proves itself. */
  async #probe(member: Member): Promise<boolean> {
    member.retryAtMs = performance.now() + RETRY_MS
    let isCertain = true
    let isSlow = false
    let reason = ''
    for (const address of [member.peer, ...member.spares.values()]) {
      const found = await this.#options.prober.ask(address)
      if (found.type === 'peer' && found.peer.id === member.peer.id) {
        return this.#prove(member, found.peer, found.askedAtMs)
      }
      // Somebody else has its address now.
      if (found.type === 'peer') for (const provider of member.providers) this.#accept(found, provider)
      if (found.type === 'slow') isSlow = true
      if (found.type === 'unknown') isCertain = false
      if (found.type === 'nobody') reason = found.reason
      member.freshUntilMs = 0
      if (found.type !== 'slow') member.spares.delete(printAddress(address))
    }
    // Whoever is only slow has accepted the connection: it stays as it was known.
    if (isSlow) return member.isProven && this.#members.has(member)
    if (isCertain) await this.bury(member, reason)
    return false
  }

  /** A member proved itself when it was asked at a time. Answers whether it counts as alive. */
  #prove(member: Member, found: RemotePeer, askedAtMs: number): boolean {
    const nowMs = performance.now()
    // It may have left, or been given up for another claim, while it was asked.
    if (!this.#members.has(member) || !this.#tombstones.mayReturn(found.id, askedAtMs, nowMs)) return false
    const { peer: before, isProven } = member
    const isElsewhere = isProven && printAddress(found) !== printAddress(before)
    if (isElsewhere && nowMs < member.freshUntilMs) addSpare(member, found)
    else if (!isSame(before, found)) member.peer = found
    member.isProven = true
    // However late it was asked, it has answered, or taken a connection, just now.
    this.#options.detector.add(found.id, findPatience(member), nowMs)
    this.hear(member, nowMs)
    if (!isProven) this.#options.onChange({ type: 'joined', peer: member.peer })
    else if (member.peer !== before) this.#options.onChange({ type: 'changed', peer: member.peer })
    return true
  }

  #dismiss(member: Member): void {
    if (!this.#members.remove(member)) return
    this.#options.detector.remove(member.peer.id)
    if (member.isProven) this.#options.onChange({ type: 'left', peer: member.peer })
  }
}

/**
 * Resolves when a question is over; where it has more time than a probe, after that of a probe at the latest. One that has no more may
 * wait for its turn, and is waited for.
 */
function endSoon(question: Promise<void>, timeoutMs: number): Promise<void> {
  if (timeoutMs <= PROBE_TIMEOUT_MS) return question
  return Promise.race([question, sleep(PROBE_TIMEOUT_MS, undefined, { ref: false })])
}

/** The most patient of those who claim a peer knows best how it can be looked at. */
function findPatience({ peer, providers }: Member): Patience {
  const [first = PATIENCE_THERE, ...others] = [...providers].map((provider) => provider.patienceWith(peer))
  return others.reduce((left, right) => (right.goneAfterMs > left.goneAfterMs ? right : left), first)
}

function isSame(left: RemotePeer, right: RemotePeer): boolean {
  return left.group === right.group && left.hub === right.hub && printAddress(left) === printAddress(right)
}
