import { printAddress } from '../../api/address.js'
import { type CallScope, PEER_CLOSED } from '../../call/scope/call-scope.js'
import { refuse } from '../../errors/refuse.js'
import { AS_IT_CAME } from '../../wire/as-it-came.js'
import type { ErrorRecord } from '../../wire/error-record.js'
import type { Feed, FeedListener } from '../../wire/events.js'
import type { CallerIdentity, ReceivedAnswer, Receiver, WireCall } from '../../wire/exchange.js'
import type { ReceivedStream, WireStreamCall } from '../../wire/streams.js'
import { Congestion } from './congestion.js'
import { type AskedFor, dropUnasked } from './drop-unasked.js'
import { SessionEvents } from './events/session-events.js'
import { isExcessEvent } from './excess.js'
import { explainClose } from './explain-close.js'
import { DEFAULT_LIMITS, findMistake, type Hello } from './hello.js'
import { Holds } from './holds.js'
import { Intake, type IntakeOwner } from './intake.js'
import type { CallHead } from './line.js'
import { CLOSE_ENDED, CLOSE_PROTOCOL_ERROR, CLOSE_SLOW_CONSUMER, type CloseCode, type Closing } from './link.js'
import { type AnswerMessage, type Message, parseMessage, toAnswer, writeGoingAway, writeHello } from './message.js'
import { Outlet } from './outlet.js'
import { PendingCalls } from './pending-calls.js'
import { refuseExcess } from './refuse-excess.js'
import { ServedCalls } from './served-calls.js'
import type { SessionOptions } from './session-options.js'
import { SessionStreams } from './streams/session-streams.js'

/** What the other side is told by a peer that is closing. */
export const CLOSING = 'the peer is closing'

type Told = Exclude<Message, { kind: 'hello' }>

/** One link between two peers, over which both call each other: `PROTOCOL.md` is its specification. */
export class Session implements IntakeOwner {
  readonly #options: SessionOptions
  readonly #outlet: Outlet
  readonly #intake: Intake
  readonly #holds: Holds
  readonly #pending: PendingCalls
  readonly #served: ServedCalls
  readonly #streams: SessionStreams
  readonly #events: SessionEvents
  readonly #asked: AskedFor
  /** Who is on the other side, once it has said so. */
  #caller: CallerIdentity | undefined
  #address: string
  /** What the other side accepts. */
  #limits = DEFAULT_LIMITS
  #nextId: number
  /** The last id of the other side's: ids grow. */
  #lastTheirs = 0
  #heardFarewell = false
  #state: 'open' | 'leaving' | 'closed' = 'open'

  constructor(options: SessionOptions) {
    this.#options = options
    this.#address = options.dialled === undefined ? 'a peer' : printAddress(options.dialled)
    this.#nextId = options.role === 'dialer' ? 1 : 2
    this.#intake = new Intake(this, options.turns)
    this.#holds = new Holds(options.link)
    const onSlowReader = (): void => this.#fail(CLOSE_SLOW_CONSUMER, 'the reader is too slow')
    this.#outlet = new Outlet(options.link, new Congestion(options.role, this.#intake, this.#holds, onSlowReader))
    const { link, answerer, events: source } = options
    const write = (line: string): void => this.#outlet.write(line)
    const onEnd = (): void => this.#closeWhenDone()
    this.#pending = new PendingCalls(write, onEnd)
    this.#served = new ServedCalls((call) => answerer.serve(call), write, onEnd)
    const onMistake = (reason: string): void => this.#fail(CLOSE_PROTOCOL_ERROR, reason)
    this.#streams = new SessionStreams({ link, write, serve: (call) => answerer.serveStream(call), onMistake, onEnd })
    const takes = { takeNextId: () => this.#takeOwnId(), takeId: (id: number) => this.takeId(id) }
    this.#events = new SessionEvents({ link, source, outlet: this.#outlet, ...takes, onMistake, onEnd })
    this.#asked = { pending: this.#pending, served: this.#served, streams: this.#streams, events: this.#events }
    // What came before the end is read before it.
    const onClose = (closing: Closing): void => this.#intake.onceRead(() => this.#onClose(closing))
    link.listen({ onFrame: (frame) => this.#intake.receive(frame), onClose })
    this.#outlet.write(writeHello(options.hello))
  }

  /** Whether its link has ended. */
  get isClosed(): boolean {
    return this.#state === 'closed'
  }

  /** Whether anything came since this was last asked, and not later than it might have. */
  takeHeard(): boolean {
    const isLate = this.#holds.takeLate()
    return this.#intake.takeHeard() && !isLate
  }

  /** Whether a handler runs for the other side. Calls that wait for their turn are still refused one by one. */
  get isServing(): boolean {
    return this.#served.size > 0 || this.#streams.isServing
  }

  /**
   * Sends a call. Throws `unavailable` where the session takes none any more, and `resource_exhausted` for more than the other
   * side accepts; rejects where the link ends before the answer.
   */
  call(call: WireCall, scope: CallScope): Promise<ReceivedAnswer> {
    return this.send(call, scope, AS_IT_CAME) as Promise<ReceivedAnswer>
  }

  /** The same with a receiver that settles the promise. */
  send(call: WireCall, scope: CallScope, receiver: Receiver): Promise<unknown> {
    return this.#pending.send(this.#takeNextId(call, this.#pending.size), call, scope, receiver)
  }

  /** Sends a call with a stream. Throws as `call` does; what has arrived before the link ends is read first. */
  stream(call: WireStreamCall, scope: CallScope): ReceivedStream {
    return this.#streams.call(this.#takeNextId(call, 0), call, scope)
  }

  /** Subscribes to an event of the other side's. Throws `unavailable` where the session takes nothing new. */
  subscribe(tag: string, listener: FeedListener): Feed {
    return this.#events.subscribe(tag, listener)
  }

  /** Takes no new calls; ends the link when the other side does the same, and those in flight are answered. */
  leave(reason: string): void {
    if (this.#state !== 'open') return
    this.#outlet.write(writeGoingAway(reason))
    this.#state = 'leaving'
    this.#options.onEnd()
    this.#events.leave()
    this.#closeWhenDone()
  }

  /** Leaves too, and does not wait for the answers to its own calls: they end with `unavailable`. */
  end(): void {
    this.#pending.stop(PEER_CLOSED)
    this.#streams.stopOurs(PEER_CLOSED)
    this.leave(CLOSING)
    this.#closeWhenDone()
  }

  /** Ends at once: calls in flight end with `unavailable`. */
  close(): void {
    if (this.#state === 'closed') return
    this.#outlet.flush()
    this.#options.link.close(CLOSE_ENDED, '')
    this.#onClose({ code: CLOSE_ENDED, reason: '', by: 'here' })
  }

  /** Ends without a goodbye of the other side's; `code` says why. */
  terminate(code: CloseCode = CLOSE_ENDED): void {
    this.#options.link.terminate()
    this.#onClose({ code, reason: '', by: 'here' })
  }

  get isFull(): boolean {
    return this.#options.answerer.isFull
  }

  isOwn(id: number): boolean {
    return id % 2 === this.#nextId % 2
  }

  takeId(id: number): boolean {
    if (this.#state === 'closed') return false
    const isNew = !this.isOwn(id) && id > this.#lastTheirs
    if (isNew) this.#lastTheirs = id
    else this.#fail(CLOSE_PROTOCOL_ERROR, `${id} is no new id of a call`)
    return isNew
  }

  refuseFull({ id, tag, timeLeftMs }: CallHead): void {
    this.#serve({ kind: 'call', id, tag, timeLeftMs, input: undefined }, 0)
  }

  refuse(id: number, error: ErrorRecord): void {
    this.#served.answer(id, { ok: false, error })
  }

  pause(): void {
    this.#holds.add()
  }

  resume(): void {
    this.#holds.remove()
  }

  receiveLine(line: string, waitedMs?: number): void {
    if (this.#state === 'closed') return
    if (this.#caller !== undefined && dropUnasked(line, this.#asked, this.#options.onLateAnswer)) return
    const message = parseMessage(line, this)
    if (message === undefined) this.#fail(CLOSE_PROTOCOL_ERROR, 'a line is no message')
    else if (message.kind === 'hello') this.#onHello(message.hello)
    else if (this.#caller === undefined) this.#fail(CLOSE_PROTOCOL_ERROR, 'the first line has to be a hello')
    else this.#dispatch(message, this.#caller, line, waitedMs)
  }

  #onHello(hello: Hello): void {
    const mistake = this.#caller === undefined ? findMistake(hello) : 'a second hello'
    if (mistake !== undefined) {
      this.#fail(CLOSE_PROTOCOL_ERROR, mistake)
      return
    }
    const { peer, limits } = hello
    this.#caller = { id: peer.id, group: peer.group }
    this.#address = printAddress(this.#options.dialled ?? peer)
    this.#limits = limits
    this.#options.onOpen(peer)
  }

  #dispatch(message: Told, caller: CallerIdentity, line: string, waitedMs: number | undefined): void {
    switch (message.kind) {
      case 'call':
        if (waitedMs === undefined && !this.takeId(message.id)) return
        if (message.refusal !== undefined) this.refuse(message.id, message.refusal)
        else this.#serve(message, waitedMs ?? 0)
        return
      case 'result':
      case 'error':
      case 'flag':
        this.#receiveAnswer(message, toAnswer(message))
        return
      case 'cancel':
        if (!this.#streams.receive(message) && !this.#events.cancel(message.id)) this.#served.cancel(message.id)
        return
      case 'item':
      case 'credit':
      case 'end': {
        const isKnown = this.#streams.receive(message, line)
        const isMistake = !isKnown && (this.#pending.has(message.id) || this.#served.has(message.id))
        if (isMistake) this.#fail(CLOSE_PROTOCOL_ERROR, `${message.id} is a call without a stream`)
        return
      }
      case 'events':
        if (isExcessEvent(line)) this.#fail(CLOSE_PROTOCOL_ERROR, 'an event is longer than it may be')
        else this.#events.receiveEvents(message.events, line.length)
        return
      case 'subscribe':
      case 'failure':
        this.#events.receive(message, caller)
        return
      case 'going-away':
        this.#heardFarewell = true
        this.leave('as you')
        this.#closeWhenDone()
    }
  }

  #receiveAnswer(message: AnswerMessage, answer: ReceivedAnswer): void {
    if (this.#pending.settle(message.id, answer) || this.#streams.receive(message)) return
    const isFed = (answer.ok || answer.flag === undefined) && this.#events.settle(message.id, answer)
    if (!isFed) this.#options.onLateAnswer?.()
  }

  #serve(message: Extract<Message, { kind: 'call' }>, waitedMs: number): void {
    const { id, tag, input, callId, metadata, sides } = message
    const timeLeftMs = message.timeLeftMs - waitedMs
    const call = { tag, timeLeftMs, input: { value: input }, caller: this.#caller, callId, metadata }
    if (sides === undefined) this.#served.serve(id, call)
    else this.#streams.serve(id, { ...call, sides }, message.credit)
  }

  #takeNextId(call: WireCall, pendingCalls: number): number {
    refuseExcess(call, this.#limits, pendingCalls, this.#outlet.isCongested, this.#address)
    return this.#takeOwnId()
  }

  #takeOwnId(): number {
    if (this.#state !== 'open')
      throw refuse('unavailable', `the connection to ${this.#address} has ended: the handler has not run`)
    const id = this.#nextId
    this.#nextId += 2
    return id
  }

  #closeWhenDone(): void {
    // Before the other side has said so too, calls of its own may be on their way.
    if (this.#state !== 'leaving' || !this.#heardFarewell) return
    if (this.#pending.size > 0 || this.#served.size > 0 || !this.#streams.isEmpty) return
    // What is subscribed to moves to another session first, so that nothing is missed between the two.
    if (this.#events.isEmpty) this.close()
  }

  #fail(code: CloseCode, reason: string): void {
    this.#options.link.close(code, reason)
    this.#onClose({ code, reason, by: 'here' })
  }

  #onClose(closing: Closing): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    const explain = (maybeExecuted: boolean): Error => explainClose(closing, this.#address, maybeExecuted)
    this.#pending.lose(explain)
    this.#served.lose()
    this.#streams.lose(explain)
    this.#events.lose(explain(false))
    this.#intake.clear()
    this.#outlet.close()
    this.#options.onEnd()
  }
}
