import { DEFAULT_TIMEOUT_MS } from '../../../call/scope/timeouts.js'
import type { ErrorRecord } from '../../../wire/error-record.js'
import type { ArrivedCall, ServedCall } from '../../../wire/exchange.js'
import { MAX_BUFFERED_BYTES, MAX_SESSION_CALLS, MAX_WAITING_BYTES, WAITING_CALL_BYTES } from '../../../wire/limits.js'
import { createRefusal } from '../../../wire/refusal-record.js'
import type { Turns } from '../../session/turns.js'
import type { Answerer } from '../../transport.js'
import { writeAnswer } from '../../write-answer.js'
import type { Engine, EngineMessage } from '../engine.js'
import type { PeerBook } from '../peer-book.js'
import { isInbox } from '../subjects.js'
import { answerHeld } from './held-calls.js'
import { BEAT_MS } from './nats-calls.js'
import { Reply } from './reply.js'
import { readRequest, refuseRequest } from './request.js'
import { type AllWaiting, WaitingRequests } from './waiting-requests.js'

/** A call that is being answered, and where. */
interface Served {
  readonly call: ServedCall
  readonly reply: Reply
  readonly callerId: string
}

/**
 * The calls that others make over an engine, until they are answered. They are run as they are read, while there is time: else they wait,
 * each caller's in their order. One that would wait for longer than half of its time is refused at once, and one whose time passed while
 * it waited is never run; one that says nothing of its time may wait as if it had 30 s.
 */
export class ServedRequests {
  readonly #engine: Engine
  readonly #answerer: Answerer
  readonly #turns: Turns
  /** By where their answers are to go. */
  readonly #served = new Map<string, Served>()
  /** How many of these each caller has made. Who does not say who it is counts as one. */
  readonly #callers = new Map<string, number>()
  /** By the id of the caller. */
  readonly #waiting = new Map<string, WaitingRequests>()
  readonly #allWaiting: AllWaiting = { bytes: 0, byReply: new Map() }
  /** When what is read now began to be read: undefined when it was. */
  #beganAtMs: number | undefined
  #reads = 0
  #timer: NodeJS.Timeout | undefined
  readonly #book: PeerBook

  constructor(engine: Engine, book: PeerBook, answerer: Answerer, turns: Turns) {
    this.#book = book
    this.#engine = engine
    this.#answerer = answerer
    this.#turns = turns
  }

  /**
   * Takes a call. Without a place for its answer nobody waits for it, and where another one's answer is to go, it gets none: both are
   * left out.
   */
  receive(tag: string, message: EngineMessage): void {
    const { reply: subject } = message
    if (subject === undefined || !isInbox(subject) || this.#isHere(subject)) return
    const call = readRequest(message, tag)
    const reply = new Reply(this.#engine, subject, call.tag)
    const bytes = message.data.length
    const refusal = refuseRequest(call, bytes, this.#answerer)
    if (refusal !== undefined) refuse(reply, refusal)
    else if (this.#turns.isOver && !this.#answerer.isFull) this.#wait(subject, call, reply, bytes)
    else {
      this.#serve(subject, call, reply)
      this.#watchTime()
    }
  }

  /** The caller does not wait any more. */
  cancel(subject: string): void {
    const served = this.#served.get(subject)
    if (served === undefined) this.#allWaiting.byReply.get(subject)?.remove(subject)
    else served.call.cancel()
  }

  /** Tells a caller which of the calls that it asks for are not here. */
  tellHeld(message: EngineMessage): void {
    const answer = answerHeld(message.data, (subject) => this.#isHere(subject))
    if (answer !== undefined) this.#engine.answer(message, answer)
  }

  /** The connection is lost: no answer would arrive. */
  lose(): void {
    for (const { call } of this.#served.values()) call.cancel(true)
    this.#clear()
  }

  /** This peer ends: whoever still waits is told. */
  close(): void {
    for (const { reply, call } of this.#served.values()) {
      reply.lose()
      call.cancel(true)
    }
    this.#clear()
  }

  #isHere(subject: string): boolean {
    return this.#served.has(subject) || this.#allWaiting.byReply.has(subject)
  }

  /** Who was there, and is not heard any more, does not wait. Should it be there still, it is told what it may repeat. */
  #loseSilent(): void {
    if (this.#served.size === 0) {
      clearInterval(this.#timer)
      this.#timer = undefined
    }
    for (const [subject, { call, reply, callerId }] of [...this.#served]) {
      if (!this.#book.isSilent(callerId) || !this.#end(subject)) continue
      reply.lose()
      call.cancel(true)
    }
  }

  /** Answers whether it still ran. */
  #end(subject: string): boolean {
    const served = this.#served.get(subject)
    if (served === undefined || !this.#served.delete(subject)) return false
    const count = (this.#callers.get(served.callerId) ?? 1) - 1
    if (count > 0) this.#callers.set(served.callerId, count)
    else this.#callers.delete(served.callerId)
    return true
  }

  #clear(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    for (const waiting of this.#waiting.values()) waiting.clear()
    this.#waiting.clear()
    this.#served.clear()
    this.#callers.clear()
  }

  #serve(subject: string, arrived: ArrivedCall, reply: Reply): void {
    const callerId = arrived.caller?.id ?? ''
    const count = this.#callers.get(callerId) ?? 0
    if (count >= MAX_SESSION_CALLS) {
      const problem = `${MAX_SESSION_CALLS} calls of one caller are in flight, which is the limit`
      refuse(reply, createRefusal('resource_exhausted', `${arrived.tag} is refused: ${problem}`))
      return
    }
    if (this.#engine.bufferedBytes > MAX_BUFFERED_BYTES) {
      const problem = `over ${MAX_BUFFERED_BYTES} bytes of answers wait to leave already`
      refuse(reply, createRefusal('resource_exhausted', `${arrived.tag} is refused: ${problem}`))
      return
    }
    const call = this.#answerer.serve(arrived)
    if (call.answer instanceof Promise) {
      this.#served.set(subject, { call, reply, callerId })
      this.#callers.set(callerId, count + 1)
      this.#timer ??= setInterval(() => this.#loseSilent(), BEAT_MS).unref()
      void this.#answerLater(subject, call.answer, reply)
    } else writeAnswer(reply, call.answer)
  }

  async #answerLater(subject: string, answer: ServedCall['answer'], reply: Reply): Promise<void> {
    const answered = await answer
    // Nobody waits for the answer where the connection, or the caller, was lost.
    if (this.#served.get(subject)?.reply === reply && this.#end(subject)) writeAnswer(reply, answered)
  }

  #wait(subject: string, call: ArrivedCall, reply: Reply, bytes: number): void {
    const { tag, timeLeftMs = DEFAULT_TIMEOUT_MS } = call
    const callerId = call.caller?.id ?? ''
    const waiting =
      this.#waiting.get(callerId) ??
      new WaitingRequests(this.#turns, this.#allWaiting, () => this.#waiting.delete(callerId))
    const { waitMs } = this.#turns
    if (waitMs > timeLeftMs / 2) {
      const wait = `the calls before it will take ${Math.ceil(waitMs)} ms, over half of its ${timeLeftMs} ms`
      refuse(reply, createRefusal('resource_exhausted', `${tag} is refused: ${wait}`))
      return
    }
    if (waiting.bytes > MAX_BUFFERED_BYTES) {
      const problem = `over ${MAX_BUFFERED_BYTES} bytes of its caller's wait for their turn already`
      refuse(reply, createRefusal('resource_exhausted', `${tag} is refused: ${problem}`))
      return
    }
    const waitingBytes = bytes + WAITING_CALL_BYTES
    if (this.#allWaiting.bytes + waitingBytes > MAX_WAITING_BYTES) {
      const problem = `it has ${bytes} bytes, and those that wait for their turn may have ${MAX_WAITING_BYTES} together`
      refuse(reply, createRefusal('resource_exhausted', `${tag} is refused: ${problem}`))
      return
    }
    this.#waiting.set(callerId, waiting)
    const arrivedAtMs = performance.now()
    const run = (nowMs: number): void => {
      const waitedMs = nowMs - arrivedAtMs
      if (waitedMs < timeLeftMs) {
        this.#serve(subject, { ...call, timeLeftMs: call.timeLeftMs && call.timeLeftMs - waitedMs }, reply)
      } else {
        const problem = `${tag} was not run: it waited for longer than its ${timeLeftMs} ms`
        refuse(reply, createRefusal('deadline_exceeded', problem))
      }
    }
    waiting.add(subject, { bytes: waitingBytes, run })
  }

  /** The clock costs a hundredth of a small call: it is read after each of the first that are read together, and then after some. */
  #watchTime(): void {
    if (this.#beganAtMs === undefined) {
      this.#beganAtMs = performance.now()
      this.#reads = 0
      // What came together is read in one go: before anything else has its turn.
      queueMicrotask(this.#endRead)
    } else if (++this.#reads < 8 || this.#reads % 4 === 0) this.#turns.check(this.#beganAtMs)
  }

  readonly #endRead = (): void => {
    this.#beganAtMs = undefined
  }
}

function refuse(reply: Reply, error: ErrorRecord): void {
  writeAnswer(reply, { ok: false, error })
}
