import { randomUUID } from 'node:crypto'
import { defaultMaxListeners, getMaxListeners, setMaxListeners } from 'node:events'
import type { RemotePeer } from '../../api/remote-peer.js'
import type { NetgenError } from '../../errors/netgen-error.js'
import { refuse } from '../../errors/refuse.js'
import type { ReceivedAnswer, ServedCall, WireCall } from '../../wire/exchange.js'
import { receiveAnswer } from '../../wire/receive-answer.js'
import type { PeerChoice } from '../peer-choice.js'
import type { Deadline, Deadlines } from './deadlines.js'
import { sayLate, sayLateWithin } from './tell-late.js'

/** Why a call was stopped before it had ended. */
export interface StopReason {
  readonly code: 'deadline_exceeded' | 'canceled' | 'unavailable'
  readonly message: string
  readonly cause?: unknown
}

/** Who hears that a call was stopped. */
export interface StopListener {
  onStop(reason: StopReason): void
}

/** Why a call ends whose peer is closed while it waits for its answer. */
export const PEER_CLOSED: StopReason = { code: 'unavailable', message: 'the peer was closed during the call' }

/**
 * The time that one call has, and what may end it early: its deadline, the caller's signal, the end of the call whose handler
 * made it, the peer's closing.
 *
 * One exists at each side of a call. `finish` has to be called when the call has ended; afterwards nothing can stop it.
 */
export class CallScope implements Deadline {
  readonly expiresAtMs: number
  previous: Deadline | undefined
  next: Deadline | undefined
  readonly #tag: string
  readonly #timeoutMs: number
  readonly #deadlines: Deadlines
  readonly #outer: AbortSignal | undefined
  readonly #onAbort: (() => void) | undefined
  readonly #parent: CallScope | undefined
  /** The calls that this one's handler waits for. */
  #children: Set<CallScope> | undefined
  #controller: AbortController | undefined
  #stopped: StopReason | undefined
  #isFinished = false
  #errorId: string | undefined
  #listener: StopListener | undefined
  #around: ((reason: StopReason) => void)[] | undefined

  /**
   * Throws nothing; a signal that has already fired stops the scope at once, and so does a parent that was stopped. From a
   * parent it has the time that is left there, at most.
   */
  constructor(
    deadlines: Deadlines,
    tag: string,
    timeoutMs: number,
    outer?: AbortSignal,
    parent?: CallScope,
    nowMs: number = performance.now(),
  ) {
    this.#tag = tag
    this.#timeoutMs = parent === undefined ? timeoutMs : Math.min(timeoutMs, parent.timeLeftMs)
    this.#deadlines = deadlines
    this.#outer = outer
    this.#parent = parent
    this.expiresAtMs = nowMs + this.#timeoutMs
    deadlines.add(this)
    if (parent !== undefined) parent.#adopt(this)
    if (outer === undefined) return
    this.#onAbort = () =>
      this.stop({ code: 'canceled', message: `${tag} was canceled by its caller`, cause: outer.reason })
    if (outer.aborted) {
      this.#onAbort()
      return
    }
    // One signal may end any number of calls; Node would warn of a leak from the eleventh on.
    if (getMaxListeners(outer) === defaultMaxListeners) setMaxListeners(Number.POSITIVE_INFINITY, outer)
    outer.addEventListener('abort', this.#onAbort, { once: true })
  }

  /** Made when it is first read: most handlers never look at it. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#stopped !== undefined) this.#controller.abort(this.toError(this.#stopped))
    }
    return this.#controller.signal
  }

  /** Milliseconds until the deadline, never below 0. */
  get timeLeftMs(): number {
    return Math.max(0, this.expiresAtMs - performance.now())
  }

  /** The same as it travels: whole milliseconds, at least 1. */
  get sentTimeLeftMs(): number {
    return Math.max(1, Math.ceil(this.timeLeftMs))
  }

  /** All of its time, as it travels: for a call that leaves as soon as it is made. */
  get sentTimeoutMs(): number {
    return Math.max(1, Math.ceil(this.#timeoutMs))
  }

  /** What it says when its time is over. */
  get lateMessage(): string {
    const isInherited = this.#parent !== undefined && this.expiresAtMs >= this.#parent.expiresAtMs - 1
    return (isInherited ? sayLateWithin : sayLate)(this.#tag, this.#timeoutMs)
  }

  /** Under which its failures are logged, and its caller can ask for them. Made when it is first read: most calls succeed. */
  get errorId(): string {
    this.#errorId ??= randomUUID()
    return this.#errorId
  }

  /** What was sent, at the caller: a second attempt sends the same. */
  request: WireCall | undefined

  /** At the caller: whom the last attempt was sent to; undefined: to oneself. */
  callee: RemotePeer | undefined

  /** At the caller: whom it chose, where several peers would do; ends with the call. */
  choice: PeerChoice | undefined

  /** Set when the call may have reached a handler: here just before it runs, at the caller just before it is sent. */
  maybeExecuted = false

  get stopped(): StopReason | undefined {
    return this.#stopped
  }

  get isFinished(): boolean {
    return this.#isFinished
  }

  expire(): void {
    this.stop({ code: 'deadline_exceeded', message: this.lateMessage })
  }

  abandon(): void {
    this.stop(PEER_CLOSED)
  }

  /** Ends the call early. The first reason stays; after `finish` it does nothing. */
  stop(reason: StopReason): void {
    if (this.#isFinished || this.#stopped !== undefined) return
    this.#stopped = reason
    this.#release()
    this.#controller?.abort(this.toError(reason))
    this.#listener?.onStop(reason)
    if (this.#around !== undefined) for (const giveUp of this.#around) giveUp(reason)
    if (this.#children !== undefined) for (const child of this.#children) child.#giveUp(reason)
  }

  /** Calls the listener once, when the call is stopped; at once where it already is. There is one listener at most. */
  onStop(listener: StopListener['onStop']): void {
    this.tellStop({ onStop: listener })
  }

  /** The same for a listener that is an object anyway. */
  tellStop(listener: StopListener): void {
    if (this.#stopped !== undefined) listener.onStop(this.#stopped)
    else this.#listener = listener
  }

  /** The same for who looks at it around another that does: there may be any number of them. */
  onStopAround(listener: (reason: StopReason) => void): void {
    if (this.#stopped !== undefined) listener(this.#stopped)
    else if (this.#around === undefined) this.#around = [listener]
    else this.#around.push(listener)
  }

  /** Resolves as the promise does, or rejects when the call is stopped, whichever comes first. */
  race<Value>(promise: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.onStop((reason) => reject(this.toError(reason)))
      promise.then(resolve, reject)
    })
  }

  /** The same for who waits around another that does: there may be any number of them. */
  raceAround<Value>(promise: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      const giveUp = (reason: StopReason): void => reject(this.toError(reason))
      this.onStopAround(giveUp)
      promise.then(resolve, reject)
    })
  }

  /** The answer of a call that is served in this process; when this scope is stopped, that call is canceled. */
  carry(served: ServedCall): Promise<ReceivedAnswer> {
    return new Promise((resolve, reject) => {
      this.onStop((reason) => {
        served.cancel()
        reject(this.toError(reason))
      })
      // Through a function of its own: V8 would follow a bare `resolve`, and give the callee's stack the caller's frames.
      Promise.resolve(served.answer).then((answer) => resolve(receiveAnswer(answer)), reject)
    })
  }

  /** The error that a stopped call ends with. */
  toError(reason: StopReason): NetgenError {
    return refuse(reason.code, reason.message, {
      maybeExecuted: this.maybeExecuted,
      ...(reason.cause === undefined ? {} : { cause: reason.cause }),
    })
  }

  /**
   * The call has ended. What it held is let go of: once calls with long values have had scopes moved to V8's old generation, whatever those
   * refer to outlives young collections, though nobody needs it. Calls of 1 KB over HTTP took a third more time after those of 100 KB.
   */
  finish(): void {
    this.#isFinished = true
    this.#listener = undefined
    this.request = undefined
    if (this.choice !== undefined) this.choice.end()
    this.#release()
  }

  #adopt(child: CallScope): void {
    if (this.#stopped !== undefined) {
      child.#giveUp(this.#stopped)
      return
    }
    this.#children ??= new Set()
    this.#children.add(child)
  }

  #giveUp({ code, message, cause }: StopReason): void {
    this.stop({ code, message: `${this.#tag} was given up: ${message}`, ...(cause === undefined ? {} : { cause }) })
  }

  #release(): void {
    this.#deadlines.remove(this)
    if (this.#parent !== undefined) this.#parent.#children?.delete(this)
    if (this.#onAbort !== undefined) this.#outer?.removeEventListener('abort', this.#onAbort)
  }
}
