import { printAddress } from '../../api/address.js'
import type { CallScope } from '../../call/call-scope.js'
import { refuse } from '../../errors/refuse.js'
import { PROTOCOL_VERSION } from '../../version.js'
import type { ErrorRecord } from '../../wire/error-record.js'
import type { CallerIdentity, ReceivedAnswer, ServedCall, WireAnswer, WireCall } from '../../wire/exchange.js'
import { MAX_SESSION_CALLS } from '../../wire/limits.js'
import { createRefusal } from '../../wire/refusal-record.js'
import { explainClose } from './explain-close.js'
import { DEFAULT_LIMITS, type Hello } from './hello.js'
import { Intake, type IntakeOwner } from './intake.js'
import type { CallHead } from './line.js'
import { CLOSE_ENDED, CLOSE_PROTOCOL_ERROR, CLOSE_SLOW_CONSUMER, type CloseCode, type Closing } from './link.js'
import {
  type Message,
  parseMessage,
  writeCall,
  writeCancel,
  writeError,
  writeGoingAway,
  writeHello,
  writeResult,
} from './message.js'
import { Outlet, type OutletOwner } from './outlet.js'
import { refuseExcess } from './refuse-excess.js'
import type { SessionOptions } from './session-options.js'

/** A call that waits for its answer. */
interface Pending {
  readonly scope: CallScope
  readonly resolve: (answer: ReceivedAnswer) => void
  readonly reject: (error: Error) => void
}

/** What the other side is told by a peer that is closing. */
export const CLOSING = 'the peer is closing'

/** Why this peer's own calls end when it is closed. */
const CLOSED = { code: 'unavailable', message: 'the peer was closed during the call' } as const

/** One link between two peers, over which both call each other: `PROTOCOL.md` is its specification. */
export class Session implements IntakeOwner, OutletOwner {
  readonly #options: SessionOptions
  readonly #outlet: Outlet
  readonly #intake: Intake
  readonly #pending = new Map<number, Pending>()
  readonly #served = new Map<number, ServedCall>()
  /** Who is on the other side, once it has said so. */
  #caller: CallerIdentity | undefined
  #address: string
  /** What the other side accepts. */
  #limits = DEFAULT_LIMITS
  #nextId: number
  /** The last id of the other side's: ids grow. */
  #lastTheirs = 0
  /** For how many reasons nothing may arrive. */
  #holds = 0
  #heardFarewell = false
  #state: 'open' | 'leaving' | 'closed' = 'open'

  constructor(options: SessionOptions) {
    this.#options = options
    this.#address = options.dialled === undefined ? 'a peer' : printAddress(options.dialled)
    this.#nextId = options.role === 'dialer' ? 1 : 2
    this.#outlet = new Outlet(options.link, this)
    this.#intake = new Intake(this, options.turns)
    options.link.listen({
      onFrame: (frame) => this.#intake.receive(frame),
      onClose: (closing) => this.#onClose(closing),
    })
    this.#outlet.write(writeHello(options.hello))
  }

  /** Whether its link has ended. */
  get isClosed(): boolean {
    return this.#state === 'closed'
  }

  /** Whether the other side waits for answers. */
  get isServing(): boolean {
    return this.#served.size > 0 || this.#intake.isWaiting
  }

  /**
   * Sends a call. Throws `unavailable` where the session takes none any more, and `resource_exhausted` for more than the other
   * side accepts; rejects where the link ends before the answer.
   */
  call(call: WireCall, scope: CallScope): Promise<ReceivedAnswer> {
    if (this.#state !== 'open')
      throw refuse('unavailable', `the connection to ${this.#address} has ended: the handler has not run`)
    refuseExcess(call, this.#limits, this.#pending.size, this.#outlet.isCongested, this.#address)
    const id = this.#nextId
    this.#nextId += 2
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { scope, resolve, reject })
      scope.onStop((reason) => {
        if (!this.#pending.delete(id)) return
        if (scope.maybeExecuted) this.#outlet.write(writeCancel(id))
        reject(scope.toError(reason))
        this.#closeWhenDone()
      })
      if (scope.stopped !== undefined) return
      scope.maybeExecuted = true
      this.#outlet.write(writeCall(id, call))
    })
  }

  /** Takes no new calls; ends the link when the other side does the same, and those in flight are answered. */
  leave(reason: string): void {
    if (this.#state !== 'open') return
    this.#outlet.write(writeGoingAway(reason))
    this.#state = 'leaving'
    this.#options.onEnd()
    this.#closeWhenDone()
  }

  /** Leaves too, and does not wait for the answers to its own calls: they end with `unavailable`. */
  end(): void {
    for (const { scope } of [...this.#pending.values()]) scope.stop(CLOSED)
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

  /** Ends without a goodbye of the other side's. */
  terminate(): void {
    this.#options.link.terminate()
    this.#onClose({ code: CLOSE_ENDED, reason: '', by: 'here' })
  }

  get isFull(): boolean {
    return this.#options.answerer.isFull
  }

  takeId(id: number): boolean {
    if (this.#state === 'closed') return false
    // An id says whose call it is.
    const isNew = id % 2 !== this.#nextId % 2 && id > this.#lastTheirs
    if (isNew) this.#lastTheirs = id
    else this.#fail(CLOSE_PROTOCOL_ERROR, `${id} is no new id of a call`)
    return isNew
  }

  refuseFull({ id, tag, timeLeftMs }: CallHead): void {
    this.#serve({ kind: 'call', id, tag, timeLeftMs, input: undefined }, 0)
  }

  refuse(id: number, error: ErrorRecord): void {
    this.#answer(id, { ok: false, error })
  }

  pause(): void {
    if (this.#holds++ === 0) this.#options.link.pause()
  }

  resume(): void {
    if (--this.#holds === 0) this.#options.link.resume()
  }

  onSlowReader(): void {
    this.#fail(CLOSE_SLOW_CONSUMER, 'the reader is too slow')
  }

  receiveLine(line: string, waitedMs?: number): void {
    if (this.#state === 'closed') return
    const message = parseMessage(line)
    if (message === undefined) this.#fail(CLOSE_PROTOCOL_ERROR, 'a line is no message')
    else if (message.kind === 'hello') this.#onHello(message.hello)
    else if (this.#caller === undefined) this.#fail(CLOSE_PROTOCOL_ERROR, 'the first line has to be a hello')
    else this.#dispatch(message, waitedMs)
  }

  #onHello({ peer, limits, versions }: Hello): void {
    if (this.#caller !== undefined) {
      this.#fail(CLOSE_PROTOCOL_ERROR, 'a second hello')
      return
    }
    if (versions.protocol !== PROTOCOL_VERSION) {
      this.#fail(CLOSE_PROTOCOL_ERROR, `version ${versions.protocol} where ${PROTOCOL_VERSION} was agreed on`)
      return
    }
    this.#caller = { id: peer.id, group: peer.group }
    this.#address = printAddress(this.#options.dialled ?? peer)
    this.#limits = limits
    this.#options.onOpen(peer)
  }

  #dispatch(message: Exclude<Message, { kind: 'hello' }>, waitedMs: number | undefined): void {
    switch (message.kind) {
      case 'call':
        if (waitedMs !== undefined || this.takeId(message.id)) this.#serve(message, waitedMs ?? 0)
        return
      case 'result':
        this.#settle(message.id, { ok: true, value: message.output })
        return
      case 'error':
        this.#settle(message.id, { ok: false, error: message.error })
        return
      case 'cancel':
        this.#served.get(message.id)?.cancel()
        return
      case 'going-away':
        this.#heardFarewell = true
        this.leave('as you')
        this.#closeWhenDone()
    }
  }

  #serve({ id, tag, timeLeftMs, input, callId, metadata }: Extract<Message, { kind: 'call' }>, waitedMs: number): void {
    if (this.#served.size >= MAX_SESSION_CALLS) {
      const message = `${tag} is refused: ${MAX_SESSION_CALLS} calls of one session are in flight, which is the limit`
      this.refuse(id, createRefusal('resource_exhausted', message))
      return
    }
    const call = this.#options.answerer.serve({
      tag,
      timeLeftMs: timeLeftMs - waitedMs,
      input: { value: input },
      ...(this.#caller && { caller: this.#caller }),
      callId,
      metadata,
    })
    if (!(call.answer instanceof Promise)) {
      this.#answer(id, call.answer)
      return
    }
    this.#served.set(id, call)
    void call.answer.then((answer) => {
      if (!this.#served.delete(id) || this.#state === 'closed') return
      this.#answer(id, answer)
      this.#closeWhenDone()
    })
  }

  #answer(id: number, answer: WireAnswer): void {
    this.#outlet.write(answer.ok ? writeResult(id, answer.body) : writeError(id, answer.error))
  }

  #settle(id: number, answer: ReceivedAnswer): void {
    const pending = this.#pending.get(id)
    // The call may have ended meanwhile; a forged id finds nothing either.
    if (pending === undefined) return
    this.#pending.delete(id)
    pending.resolve(answer)
    this.#closeWhenDone()
  }

  #closeWhenDone(): void {
    // Before the other side has said so too, calls of its own may be on their way.
    const isDone = this.#heardFarewell && this.#pending.size === 0 && this.#served.size === 0
    if (this.#state === 'leaving' && isDone) this.close()
  }

  #fail(code: CloseCode, reason: string): void {
    this.#options.link.close(code, reason)
    this.#onClose({ code, reason, by: 'here' })
  }

  #onClose(closing: Closing): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    for (const { scope, reject } of this.#pending.values()) {
      reject(explainClose(closing, this.#address, scope.maybeExecuted))
    }
    this.#pending.clear()
    for (const call of this.#served.values()) call.cancel(true)
    this.#served.clear()
    this.#intake.clear()
    this.#outlet.close()
    this.#options.onEnd()
  }
}
