import type { RemotePeer } from '../../../api/remote-peer.js'
import { type CallScope, PEER_CLOSED } from '../../../call/scope/call-scope.js'
import { refuse } from '../../../errors/refuse.js'
import type { CallerIdentity, Receiver, WireCall } from '../../../wire/exchange.js'
import { MAX_ANSWER_BYTES, MAX_BUFFERED_BYTES } from '../../../wire/limits.js'
import { DEFAULT_LIMITS } from '../../session/hello.js'
import { refuseExcess } from '../../session/refuse-excess.js'
import type { Witness } from '../../transport.js'
import type { Engine, EngineMessage } from '../engine.js'
import type { PeerBook } from '../peer-book.js'
import { printSince } from '../print-since.js'
import { nameGreeting, namePeer } from '../subjects.js'
import { allowSilence } from '../unsent-bytes.js'
import {
  countAnswerBytes,
  readAnswerLine,
  readCallId,
  readMessageLines,
  writeCallLine,
  writeEndLine,
} from './call-lines.js'
import type { CallRoute } from './call-route.js'
import { CallRoutes } from './call-routes.js'
import { explainDown, explainForbidden, explainLoss, explainNobody } from './explain-loss.js'
import { printHeld, readUnknown } from './held-calls.js'
import { PendingCall } from './pending-call.js'

/** How often peers are asked whether they have the calls whose answers are waited for, in milliseconds. */
const BEAT_MS = 700

/** After how many of these questions without anything heard a peer counts as gone. Counted, since a process that was stopped is late with them. */
const MAX_SILENT_BEATS = 2

/** What an answer to which calls a peer has is called in its inbox. */
const HELD = '$'

/** How long the number of a call may be. */
const MAX_ID_LENGTH = 16

/**
 * The calls that a peer makes over an engine, each a line of a message to the subject of the peer and the connection that is meant: those of
 * one tick share a message, and so do their answers.
 */
export class NatsCalls {
  readonly #engine: Engine
  readonly #book: PeerBook
  readonly #witness: Witness | undefined
  /** By their numbers. */
  readonly #pending = new Map<number, PendingCall>()
  readonly #routes: CallRoutes
  readonly #ends: (() => void)[]
  #timer: NodeJS.Timeout | undefined
  #calls = 0
  #lateAnswers = 0

  constructor(engine: Engine, book: PeerBook, caller: CallerIdentity, witness: Witness | undefined) {
    this.#engine = engine
    this.#book = book
    this.#witness = witness
    this.#routes = new CallRoutes(engine, caller)
    this.#ends = [
      engine.subscribe(`${nameGreeting(caller)}.>`, (message) => this.#receive(message)),
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
    const route = this.#routes.open(peer)
    const isCongested = engine.bufferedBytes > MAX_BUFFERED_BYTES
    refuseExcess(call, DEFAULT_LIMITS, route.inFlight, isCongested, route.address)
    const connection = route.find(call.tag)
    const id = ++this.#calls
    const line = writeCallLine(id, call)
    this.#refuseOversize(call, line)
    return new Promise((resolve) => {
      const pending = new PendingCall(route, connection, id, scope, receiver, resolve, this.#giveUp)
      this.#pending.set(id, pending)
      route.inFlight++
      scope.tellStop(pending)
      if (scope.stopped !== undefined) return
      this.#timer ??= setInterval(() => this.#beat(), BEAT_MS).unref()
      scope.maybeExecuted = true
      pending.message = connection.write(line)
    })
  }

  /** A peer is gone: nothing was heard of it. */
  abandon(peer: RemotePeer): void {
    const route = this.#routes.find(peer)
    if (route !== undefined) this.#lose(route, `nothing was heard of ${route.address}`)
  }

  /** Ends all calls: this peer is closed. */
  close(): void {
    for (const { scope } of [...this.#pending.values()]) scope.stop(PEER_CLOSED)
    this.#routes.flush()
    clearInterval(this.#timer)
    for (const end of this.#ends) end()
  }

  readonly #giveUp = (call: PendingCall): boolean => {
    if (!this.#take(call)) return false
    if (call.scope.maybeExecuted) call.connection.write(writeEndLine(call.id))
    return true
  }

  /** Answers whether it still waited. */
  #take(call: PendingCall): boolean {
    if (!this.#pending.delete(call.id)) return false
    const { route } = call
    // Who is not waited for is not asked: that nothing is heard of it says nothing of the calls that follow.
    if (--route.inFlight === 0) route.silentBeats = 0
    return true
  }

  #receive(message: EngineMessage): void {
    const { subject, data } = message
    const at = subject.lastIndexOf('.') + 1
    const route = this.#routes.findByInbox(subject.slice(0, at))
    if (route === undefined) {
      this.#lateAnswers++
      return
    }
    route.silentBeats = 0
    if (subject.slice(at) === HELD) this.#receiveHeld(route, message)
    else if (message.isUnheard) this.#onUnheard(route, subject)
    else if (data.length > MAX_ANSWER_BYTES && countAnswerBytes(data) > MAX_ANSWER_BYTES)
      this.#refuseExcess(route, data)
    else readMessageLines(data, (line, isUtf8) => this.#receiveLine(route, line, isUtf8))
  }

  #receiveLine(route: CallRoute, line: string, isUtf8: boolean): void {
    const call = this.#takeAnswered(route, readCallId(line))
    if (call === undefined) return
    const answer = readAnswerLine(line, isUtf8)
    if (answer !== undefined) call.receive(answer.status, answer.body)
    else call.fail(explainLoss(`the connection to ${route.address} was lost`))
  }

  #refuseExcess(route: CallRoute, data: Uint8Array): void {
    const begin = Buffer.from(data.subarray(0, MAX_ID_LENGTH + 1)).toString('latin1')
    this.#takeAnswered(route, readCallId(begin))?.refuseExcess()
  }

  /** A peer may answer what it was asked, and nothing that another one was. */
  #takeAnswered(route: CallRoute, id: number): PendingCall | undefined {
    const call = this.#pending.get(id)
    if (call?.route === route && this.#take(call)) return call
    this.#lateAnswers++
    return undefined
  }

  #receiveHeld(route: CallRoute, message: EngineMessage): void {
    if (message.isUnheard) this.#lose(route, `the connection to ${route.address} was lost`)
    else this.#loseUnknown(route, readUnknown(message))
  }

  /**
   * What a peer does not have whose answer has not come either was lost on the way, there or back: the engine keeps the order of what one
   * peer sends another, and may lose some of it when a server ends.
   */
  #loseUnknown(route: CallRoute, names: readonly string[]): void {
    for (const name of names) {
      const call = this.#pending.get(Number(name))
      if (call?.route === route && this.#take(call))
        call.fail(explainLoss(`a message between this peer and ${route.address} was lost`))
    }
  }

  /** Nobody heard a message: the calls in it have not run. */
  #onUnheard(route: CallRoute, subject: string): void {
    for (const call of [...this.#pending.values()]) {
      if (call.route !== route || call.connection.nameMessage(call.message) !== subject) continue
      if (this.#take(call)) call.fail(explainNobody(route.peer, this.#book))
    }
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
    for (const { route, id, beats } of this.#countBeats()) {
      // What has just been sent may be answered by itself.
      if (beats < 2) continue
      const names = waiting.get(route)
      const name = String(id)
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
    if (++route.silentBeats > MAX_SILENT_BEATS + allowSilence(this.#engine.bufferedBytes)) {
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
    const forbidden = this.#routes.findConnection(subject)
    const maybeExecuted = forbidden?.refuse() === false
    for (const call of [...this.#pending.values()]) {
      const { connection, route } = call
      if (connection === forbidden && this.#take(call)) call.fail(explainForbidden(route.peer, subject, maybeExecuted))
    }
  }

  #refuseOversize({ tag, body }: WireCall, line: string): void {
    const { maxBytes } = this.#engine
    // UTF-8 has at most three bytes for each unit of UTF-16: most inputs need no counting.
    if (line.length * 3 < maxBytes) return
    const lineBytes = Buffer.byteLength(line) + 1
    if (lineBytes <= maxBytes) return
    const bytes = Buffer.byteLength(body)
    const limit = `the engine takes ${maxBytes} in one message, ${lineBytes - bytes} of them for what else it says`
    const problem = `it has ${bytes} bytes of JSON, and ${limit}: send it in parts, or raise the server's max_payload`
    throw refuse('resource_exhausted', `input of ${tag} is refused: ${problem}`)
  }
}
