import { setImmediate as nextTurn } from 'node:timers/promises'
import { DEFAULT_TIMEOUT_MS } from '../../../call/scope/timeouts.js'
import type { ErrorRecord } from '../../../wire/error-record.js'
import type { ArrivedCall, ArrivedInput, ServedCall } from '../../../wire/exchange.js'
import {
  MAX_BUFFERED_BYTES,
  MAX_REQUEST_BYTES,
  MAX_SESSION_CALLS,
  MAX_WAITING_BYTES,
  WAITING_CALL_BYTES,
} from '../../../wire/limits.js'
import { createRefusal } from '../../../wire/refusal-record.js'
import type { Turns } from '../../session/turns.js'
import type { Answerer } from '../../transport.js'
import { writeAnswer } from '../../write-answer.js'
import type { Engine, EngineMessage } from '../engine.js'
import type { PeerBook } from '../peer-book.js'
import { SilenceCheck } from '../silence-check.js'
import { isClientInbox } from '../subjects.js'
import { readCallId, readCallLine, readMessageLines } from './call-lines.js'
import { type CallerInbox, CallerInboxes, LineReply } from './caller-inbox.js'
import { readHeld } from './held-calls.js'
import { ClientReply, type Reply } from './reply.js'
import { readRequest, refuseRequest } from './request.js'
import { type AllWaiting, WaitingRequests } from './waiting-requests.js'

/** Up to how many bytes that wait to leave calls are refused: what is refused is shorter than its refusal, and whoever reads none sends on. */
const MAX_REFUSED_BYTES = 2 * MAX_BUFFERED_BYTES

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
  readonly #inboxes: CallerInboxes
  /** By the keys of their answers. */
  readonly #served = new Map<string, Served>()
  /** How many of these each caller has made. Who does not say who it is counts as one. */
  readonly #callers = new Map<string, number>()
  /** By the id of the caller. */
  readonly #waiting = new Map<string, WaitingRequests>()
  readonly #allWaiting: AllWaiting = { bytes: 0, byReply: new Map() }
  /** When what is read now began to be read: undefined when it was. */
  #beganAtMs: number | undefined
  #reads = 0
  readonly #book: PeerBook
  readonly #silence = new SilenceCheck(() => this.#loseSilent())

  constructor(engine: Engine, book: PeerBook, answerer: Answerer, turns: Turns) {
    this.#book = book
    this.#engine = engine
    this.#answerer = answerer
    this.#turns = turns
    this.#inboxes = new CallerInboxes(engine)
  }

  /** Takes the call of a client of NATS, or the lines of a peer, whose answers go elsewhere. Without a place for them nobody waits. */
  receive(tag: string, message: EngineMessage): void {
    const { reply, data } = message
    if (reply === undefined) return
    if (isClientInbox(reply)) {
      const call = readRequest(message, tag)
      this.#receiveCall(call, new ClientReply(this.#engine, reply, tag), data.length)
      return
    }
    const inbox = this.#inboxes.find(reply)
    if (inbox === undefined) return
    readMessageLines(data, (line, isUtf8) => this.#receiveLine(tag, inbox, line, isUtf8))
  }

  /** The caller does not wait any more. */
  cancel(key: string): void {
    const served = this.#served.get(key)
    if (served === undefined) this.#allWaiting.byReply.get(key)?.remove(key)
    else served.call.cancel()
  }

  /** Tells a caller which of the calls that it asks for are not here. */
  tellHeld(message: EngineMessage): void {
    const question = readHeld(message.data)
    if (question === undefined) return
    const { inbox, calls } = question
    // What is answered is not here any more: an answer that came after this one would count as lost.
    this.#inboxes.flush(inbox)
    const missing = calls.filter((name) => !this.#isHere(inbox + name))
    this.#engine.answer(message, JSON.stringify(missing))
  }

  /**
   * Resolves when the calls of clients of NATS that wait now have had their turn, or are waited for no more. Peers ask another one where they
   * are refused: theirs are left to wait.
   */
  async settleClients(): Promise<void> {
    const keys = [...this.#allWaiting.byReply.keys()].filter(isClientInbox)
    for (const key of keys) while (this.#allWaiting.byReply.has(key)) await nextTurn()
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
    for (const waiting of this.#waiting.values()) waiting.refuse()
    // The connection may end before this tick does.
    this.#inboxes.flushAll()
    this.#clear()
  }

  #receiveLine(tag: string, inbox: CallerInbox, line: string, isUtf8: boolean): void {
    const id = readCallId(line)
    // Nobody can be told of what has no number; its caller learns that it is not here.
    if (Number.isNaN(id)) return
    const call = readCallLine(line, isUtf8, tag, inbox.caller)
    if (call === undefined) this.cancel(inbox.prefix + id)
    else this.#receiveCall(call, new LineReply(inbox, id, tag), countBytes(call.input))
  }

  /** One that is to be answered where another one is gets no answer: it is left out. */
  #receiveCall(call: ArrivedCall, reply: Reply, bytes: number): void {
    if (this.#isHere(reply.key)) return
    const refusal = refuseRequest(call, bytes, this.#answerer)
    if (refusal !== undefined) this.#refuse(reply, refusal)
    else if (this.#turns.isOver && !this.#answerer.isFull) this.#wait(call, reply, bytes)
    else {
      this.#serve(call, reply)
      this.#watchTime()
    }
  }

  /** Where even refusals are not taken, who asks learns that the call is not here. */
  #refuse(reply: Reply, error: ErrorRecord): void {
    if (this.#engine.bufferedBytes < MAX_REFUSED_BYTES) writeAnswer(reply, { ok: false, error })
  }

  #isHere(key: string): boolean {
    return this.#served.has(key) || this.#allWaiting.byReply.has(key)
  }

  /**
   * Who was there, and is not heard any more, does not wait. Should it be there still, it is told what it may repeat. Answers whether anybody
   * is left.
   */
  #loseSilent(): boolean {
    for (const [key, { call, reply, callerId }] of [...this.#served]) {
      if (!this.#book.isSilent(callerId) || !this.#end(key)) continue
      reply.lose()
      call.cancel(true)
    }
    return this.#served.size > 0
  }

  /** Answers whether it still ran. */
  #end(key: string): boolean {
    const served = this.#served.get(key)
    if (served === undefined || !this.#served.delete(key)) return false
    const count = (this.#callers.get(served.callerId) ?? 1) - 1
    if (count > 0) this.#callers.set(served.callerId, count)
    else this.#callers.delete(served.callerId)
    return true
  }

  #clear(): void {
    this.#silence.end()
    for (const waiting of this.#waiting.values()) waiting.clear()
    this.#waiting.clear()
    this.#served.clear()
    this.#callers.clear()
  }

  #serve(arrived: ArrivedCall, reply: Reply): void {
    const callerId = arrived.caller?.id ?? ''
    const count = this.#callers.get(callerId) ?? 0
    if (count >= MAX_SESSION_CALLS) {
      const problem = `${MAX_SESSION_CALLS} calls of one caller are in flight, which is the limit`
      this.#refuse(reply, createRefusal('resource_exhausted', `${arrived.tag} is refused: ${problem}`))
      return
    }
    if (this.#engine.bufferedBytes > MAX_BUFFERED_BYTES) {
      const problem = `over ${MAX_BUFFERED_BYTES} bytes of answers wait to leave already`
      this.#refuse(reply, createRefusal('resource_exhausted', `${arrived.tag} is refused: ${problem}`))
      return
    }
    const call = this.#answerer.serve(arrived)
    if (call.answer instanceof Promise) {
      this.#served.set(reply.key, { call, reply, callerId })
      this.#callers.set(callerId, count + 1)
      this.#silence.begin()
      void this.#answerLater(call.answer, reply)
    } else writeAnswer(reply, call.answer)
  }

  async #answerLater(answer: ServedCall['answer'], reply: Reply): Promise<void> {
    const answered = await answer
    // Nobody waits for the answer where the connection, or the caller, was lost.
    if (this.#served.get(reply.key)?.reply === reply && this.#end(reply.key)) writeAnswer(reply, answered)
  }

  #wait(call: ArrivedCall, reply: Reply, bytes: number): void {
    const { tag, timeLeftMs = DEFAULT_TIMEOUT_MS } = call
    const callerId = call.caller?.id ?? ''
    const waiting =
      this.#waiting.get(callerId) ??
      new WaitingRequests(this.#turns, this.#allWaiting, () => this.#waiting.delete(callerId))
    const { waitMs } = this.#turns
    if (waitMs > timeLeftMs / 2) {
      const wait = `the calls before it will take ${Math.ceil(waitMs)} ms, over half of its ${timeLeftMs} ms`
      this.#refuse(reply, createRefusal('resource_exhausted', `${tag} is refused: ${wait}`))
      return
    }
    if (waiting.bytes > MAX_BUFFERED_BYTES) {
      const problem = `over ${MAX_BUFFERED_BYTES} bytes of its caller's wait for their turn already`
      this.#refuse(reply, createRefusal('resource_exhausted', `${tag} is refused: ${problem}`))
      return
    }
    const waitingBytes = bytes + WAITING_CALL_BYTES
    if (this.#allWaiting.bytes + waitingBytes > MAX_WAITING_BYTES) {
      const problem = `it has ${bytes} bytes, and those that wait for their turn may have ${MAX_WAITING_BYTES} together`
      this.#refuse(reply, createRefusal('resource_exhausted', `${tag} is refused: ${problem}`))
      return
    }
    this.#waiting.set(callerId, waiting)
    const arrivedAtMs = performance.now()
    const run = (nowMs: number): void => {
      const waitedMs = nowMs - arrivedAtMs
      if (waitedMs < timeLeftMs) {
        this.#serve({ ...call, timeLeftMs: call.timeLeftMs && call.timeLeftMs - waitedMs }, reply)
      } else {
        const problem = `${tag} was not run: it waited for longer than its ${timeLeftMs} ms`
        this.#refuse(reply, createRefusal('deadline_exceeded', problem))
      }
    }
    const refuse = (): void => {
      const problem = `${tag} is refused: the peer is closing, call another one`
      this.#refuse(reply, createRefusal('unavailable', problem))
    }
    waiting.add(reply.key, { bytes: waitingBytes, run, refuse })
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

/** How long an input is, in bytes; where it is short enough for certain, about. */
function countBytes(input: ArrivedInput): number {
  if (!('text' in input)) return 0
  const { text } = input
  // UTF-8 has at most three bytes for each unit of UTF-16: most inputs need no counting.
  return typeof text === 'string' && text.length * 3 > MAX_REQUEST_BYTES ? Buffer.byteLength(text) : text.length
}
