import { randomBytes } from 'node:crypto'
import type { RemotePeer } from '../../../api/remote-peer.js'
import { type CallScope, PEER_CLOSED } from '../../../call/scope/call-scope.js'
import { refuse } from '../../../errors/refuse.js'
import type { CallerIdentity, Receiver, WireCall } from '../../../wire/exchange.js'
import { MAX_BUFFERED_BYTES } from '../../../wire/limits.js'
import { nameCaller, writeCallHeaders } from '../../call-headers.js'
import { DEFAULT_LIMITS } from '../../session/hello.js'
import { refuseExcess } from '../../session/refuse-excess.js'
import type { Witness } from '../../transport.js'
import type { Engine, EngineHeaders, EngineMessage } from '../engine.js'
import type { PeerBook } from '../peer-book.js'
import { printSince } from '../print-since.js'
import { nameInbox, namePeer } from '../subjects.js'
import { CallRoute } from './call-route.js'
import { explainDown, explainForbidden, explainLoss, explainNobody } from './explain-loss.js'
import { printHeld, readUnknown } from './held-calls.js'
import { LOST_HEADER, PendingCall } from './pending-call.js'

/** How often peers are asked whether they have the calls whose answers are waited for, in milliseconds. */
export const BEAT_MS = 700

/** After how many of these questions without anything heard a peer counts as gone. Counted, since a process that was stopped is late with them. */
const MAX_SILENT_BEATS = 2

/** How many peers are remembered to which no call is in flight. */
const MAX_IDLE_ROUTES = 1_024

/** What an answer to which calls a peer has is called in its inbox. */
const HELD = '$'

/** The calls that a peer makes over an engine, each a message to the subject of the peer and the connection that is meant. */
export class NatsCalls {
  readonly #engine: Engine
  readonly #book: PeerBook
  readonly #witness: Witness | undefined
  readonly #caller: CallerIdentity
  readonly #inbox: string
  /** By where their answers come. */
  readonly #pending = new Map<string, PendingCall>()
  /** By the id of the peer. */
  readonly #routes = new Map<string, CallRoute>()
  readonly #ends: (() => void)[]
  /** Those of most calls, which have nothing of their own to say but the same time. */
  #plain: { readonly timeLeftMs: number; readonly headers: EngineHeaders } | undefined
  #timer: NodeJS.Timeout | undefined
  #calls = 0
  #lateAnswers = 0

  constructor(engine: Engine, book: PeerBook, caller: CallerIdentity, witness: Witness | undefined) {
    this.#engine = engine
    this.#book = book
    this.#witness = witness
    this.#caller = caller
    this.#inbox = `${nameInbox(caller.group)}.${createName()}`
    this.#ends = [
      engine.subscribe(`${this.#inbox}.>`, (message) => this.#receive(message)),
      engine.follow((isUp) => {
        if (!isUp) this.#loseAll()
      }),
      engine.followRefusals((subject) => this.#forbid(subject)),
    ]
  }

  /** How many answers came that nobody waited for any more. */
  get lateAnswers(): number {
    return this.#lateAnswers
  }

  /**
   * Sends a call, unless its scope is stopped already. The receiver settles the promise. Throws `unavailable` while the engine is down, and
   * `resource_exhausted` for more than the other side, or one message, takes.
   */
  send(peer: RemotePeer, call: WireCall, scope: CallScope, receiver: Receiver): Promise<unknown> {
    const engine = this.#engine
    if (engine.downSinceMs !== undefined) throw explainDown(peer, engine)
    const route = this.#findRoute(peer)
    const isCongested = engine.bufferedBytes > MAX_BUFFERED_BYTES
    refuseExcess(call, DEFAULT_LIMITS, route.inFlight, isCongested, route.address)
    const headers = this.#findHeaders(call)
    this.#refuseOversize(call, headers)
    return new Promise((resolve) => {
      const reply = route.inbox + (++this.#calls).toString(36)
      const pending = new PendingCall(route, reply, call.tag, scope, receiver, resolve, this.#giveUp)
      this.#pending.set(reply, pending)
      route.inFlight++
      scope.tellStop(pending)
      if (scope.stopped !== undefined) return
      this.#timer ??= setInterval(() => this.#beat(), BEAT_MS).unref()
      scope.maybeExecuted = true
      engine.publish(route.findSubject(call.tag), call.body, reply, headers)
    })
  }

  /** A peer is gone: nothing was heard of it. */
  abandon(peer: RemotePeer): void {
    const route = this.#routes.get(peer.id)
    if (route !== undefined) this.#lose(route, `nothing was heard of ${route.address}`)
  }

  /** Ends all calls: this peer is closed. */
  close(): void {
    for (const { scope } of [...this.#pending.values()]) scope.stop(PEER_CLOSED)
    clearInterval(this.#timer)
    for (const end of this.#ends) end()
  }

  readonly #giveUp = (call: PendingCall): boolean => {
    if (!this.#take(call)) return false
    // What names a call to its callee is where its answer was to come.
    if (call.scope.maybeExecuted) this.#engine.publish(namePeer(call.route.peer, 'cancel'), call.reply)
    return true
  }

  /** Answers whether it still waited. */
  #take(call: PendingCall): boolean {
    if (!this.#pending.delete(call.reply)) return false
    const { route } = call
    // Who is not waited for is not asked: that nothing is heard of it says nothing of the calls that follow.
    if (--route.inFlight === 0) route.silentBeats = 0
    return true
  }

  #receive(message: EngineMessage): void {
    const pending = this.#pending.get(message.subject)
    if (pending === undefined) {
      this.#receiveOther(message)
      return
    }
    this.#take(pending)
    const { route } = pending
    route.silentBeats = 0
    if (message.data.length > 0 && message.headers?.has(LOST_HEADER) !== true) pending.receive(message)
    else if (message.isUnheard) this.#onUnheard(route, pending)
    else pending.fail(explainLoss(`the connection to ${route.address} was lost`))
  }

  #receiveOther(message: EngineMessage): void {
    const { subject } = message
    const at = subject.lastIndexOf('.') + 1
    if (subject.slice(at) !== HELD) {
      this.#lateAnswers++
      return
    }
    const inbox = subject.slice(0, at)
    const route = [...this.#routes.values()].find((known) => known.inbox === inbox)
    if (route === undefined) return
    route.silentBeats = 0
    if (message.isUnheard) this.#lose(route, `the connection to ${route.address} was lost`)
    else this.#loseUnknown(route, readUnknown(message))
  }

  /**
   * What a peer does not have whose answer has not come either was lost on the way, there or back: the engine keeps the order of what one
   * peer sends another, and may lose some of it when a server ends.
   */
  #loseUnknown(route: CallRoute, names: readonly string[]): void {
    for (const name of names) {
      const call = this.#pending.get(route.inbox + name)
      if (call !== undefined && this.#take(call))
        call.fail(explainLoss(`a message between this peer and ${route.address} was lost`))
    }
  }

  #onUnheard(route: CallRoute, pending: PendingCall): void {
    pending.fail(explainNobody(route.peer, this.#book))
    this.#witness?.lost(route.peer.id)
  }

  /** Whoever answers is there. Who has not answered for a while is asked, and may be gone. */
  #beat(): void {
    if (this.#pending.size === 0) {
      clearInterval(this.#timer)
      this.#timer = undefined
      return
    }
    const waiting = new Map<CallRoute, string[]>()
    for (const { route, reply, beats } of this.#countBeats()) {
      // What has just been sent may be answered by itself.
      if (beats < 2) continue
      const names = waiting.get(route)
      const name = reply.slice(route.inbox.length)
      if (names === undefined) waiting.set(route, [name])
      else names.push(name)
    }
    for (const [route, names] of waiting) this.#ask(route, names)
  }

  #countBeats(): PendingCall[] {
    const calls = [...this.#pending.values()]
    for (const call of calls) call.beats++
    return calls
  }

  #ask(route: CallRoute, names: readonly string[]): void {
    if (++route.silentBeats > MAX_SILENT_BEATS) {
      this.#lose(route, `nothing was heard of ${route.address}`)
      return
    }
    for (const body of printHeld(route.inbox, names))
      this.#engine.publish(namePeer(route.peer, 'held'), body, route.inbox + HELD)
  }

  #lose(route: CallRoute, problem: string): void {
    for (const call of [...this.#pending.values()]) {
      if (call.route === route && this.#take(call)) call.fail(explainLoss(problem))
    }
    this.#witness?.lost(route.peer.id)
  }

  #loseAll(): void {
    const problem = `the engine is down${printSince(this.#engine)}`
    for (const call of [...this.#pending.values()]) if (this.#take(call)) call.fail(explainLoss(problem))
  }

  #forbid(subject: string): void {
    for (const call of [...this.#pending.values()]) {
      if (call.subject === subject && this.#take(call)) call.fail(explainForbidden(call.route.peer, subject))
    }
  }

  #findRoute(peer: RemotePeer): CallRoute {
    const known = this.#routes.get(peer.id)
    if (known !== undefined && known.peer.group === peer.group) return known
    if (this.#routes.size >= MAX_IDLE_ROUTES) {
      for (const [id, route] of this.#routes) if (route.inFlight === 0) this.#routes.delete(id)
    }
    const route = new CallRoute(peer, `${this.#inbox}.${createName()}.`)
    this.#routes.set(peer.id, route)
    return route
  }

  #findHeaders(call: WireCall): EngineHeaders {
    const { timeLeftMs } = call
    const isPlain = call.callId === undefined && call.metadata === undefined
    if (isPlain && this.#plain?.timeLeftMs === timeLeftMs) return this.#plain.headers
    const fields = nameCaller(this.#caller)
    writeCallHeaders(fields, call, timeLeftMs)
    const headers = this.#engine.createHeaders(fields)
    if (isPlain) this.#plain = { timeLeftMs, headers }
    return headers
  }

  #refuseOversize({ tag, body }: WireCall, headers: EngineHeaders): void {
    const maxBytes = this.#engine.maxBytes - headers.bytes
    // UTF-8 has at most three bytes for each unit of UTF-16: most inputs need no counting.
    if (body.length * 3 <= maxBytes) return
    const bytes = Buffer.byteLength(body)
    if (bytes <= maxBytes) return
    const limit = `the engine takes ${this.#engine.maxBytes} in one message, ${headers.bytes} of them for headers`
    const problem = `it has ${bytes} bytes of JSON, and ${limit}: send it in parts, or raise the server's max_payload`
    throw refuse('resource_exhausted', `input of ${tag} is refused: ${problem}`)
  }
}

/** What nobody can guess: 72 bits. The client of NATS reads subjects byte by byte. */
function createName(): string {
  return randomBytes(9).toString('base64url')
}
