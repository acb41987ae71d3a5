import type { ErrorRecord } from '../../wire/error-record.js'
import { MAX_BUFFERED_BYTES, MAX_SESSION_CALLS, MAX_WAITING_LENGTH } from '../../wire/limits.js'
import { isEvents } from '../../wire/read-events.js'
import { createRefusal } from '../../wire/refusal-record.js'
import { EntryQueue } from '../entry-queue.js'
import { type LinesLimit, readSomeLines } from '../frame-writer.js'
import { isExcessCall, refuseInput } from './excess.js'
import { type CallHead, isCall, isSubscription, readCallHead, readCallId, readCancelled } from './line.js'
import type { Turns, Waiting } from './turns.js'

/** How long lines of one frame are read before everything else of the process gets its turn, in milliseconds. */
const READ_MS = 10

/** After how many lines, and after how much, the clock is looked at for that: so much has 2,000 events of a digit at most. */
const LOOK: LinesLimit = { lines: 512, length: 4 * 1024 }

/** What a line that waits takes besides its text, counted as UTF-16 units: about, so that short lines are limited too. */
const WAITING_LINE_LENGTH = 128

/** What an intake asks of its session. */
export interface IntakeOwner {
  /** Whether calls are refused now, whatever they are. */
  readonly isFull: boolean
  /** Takes a line. `waitedMs` is there where it is a call whose id was taken before. */
  receiveLine(line: string, waitedMs?: number): void
  /** Whether this is the id of a call of this side's: what belongs to it waits for no turn. */
  isOwn(id: number): boolean
  /** Whether a call may have this id. Where not, the session has ended. */
  takeId(id: number): boolean
  /** Answers a call whose id was taken, since there is no room for it. */
  refuseFull(call: CallHead): void
  refuse(id: number, error: ErrorRecord): void
  /** Lets nothing more arrive, or again. */
  pause(): void
  resume(): void
}

interface Entry {
  readonly line: string
  /** Absent: the line belongs to a call before it. */
  readonly call?: CallHead
  readonly arrivedAtMs: number
  isCancelled: boolean
}

/**
 * What arrives over one session, on its way to being run. Calls are run as they are read, while there is time: else they wait,
 * in their order. A call that would wait for longer than half of its time is refused at once, before anything of its input is
 * read, and one whose time passed while it waited is never run: so a peer that is asked for more than it can do does what it can.
 */
export class Intake implements Waiting {
  readonly #owner: IntakeOwner
  readonly #turns: Turns
  /** In the order of their arrival. The first is a call. */
  readonly #entries = new EntryQueue<Entry>()
  readonly #calls = new Map<number, Entry>()
  /** In UTF-16 units. */
  #length = 0
  #isPaused = false
  /** Whether no call is run at all. */
  #isHeld = false
  /** Frames of so many lines that not all of them could be read at once, and those behind them. */
  readonly #unread: string[] = []
  /** How far the first of them has been read. */
  #unreadFrom = 0
  #isCleared = false
  #isHeard = false
  #onRead: (() => void) | undefined

  constructor(owner: IntakeOwner, turns: Turns) {
    this.#owner = owner
    this.#turns = turns
  }

  /** Whether anything came since this was last asked. */
  takeHeard(): boolean {
    const isHeard = this.#isHeard
    this.#isHeard = false
    return isHeard
  }

  receive(frame: string): void {
    this.#isHeard = true
    if (this.#unread.length > 0) {
      this.#unread.push(frame)
      return
    }
    const next = this.#read(frame, 0)
    if (next === frame.length || this.#isCleared) return
    this.#unread.push(frame)
    this.#unreadFrom = next
    this.#owner.pause()
    setImmediate(this.#readOn)
  }

  /** Calls the listener when all that came is read: at once, unless it was too much for one turn. */
  onceRead(listener: () => void): void {
    if (this.#unread.length === 0) listener()
    else this.#onRead = listener
  }

  /** Lets calls wait here, 1,024 of them and 8 Mi UTF-16 units at most, while the other side reads none of their answers. */
  hold(): void {
    if (this.#isHeld) return
    this.#isHeld = true
    this.#turns.remove(this, this.#calls.size)
    this.#resume()
  }

  /** Lets the calls that wait have their turns again. */
  release(): void {
    if (!this.#isHeld) return
    this.#isHeld = false
    for (let calls = this.#calls.size; calls > 0; calls--) this.#turns.add(this)
    if (this.#calls.size > 0) this.#turns.end()
  }

  /** Forgets what waits. */
  clear(): void {
    this.#isCleared = true
    // What closes the link arrives over it too.
    if (this.#unread.length > 0) this.#owner.resume()
    this.#resume()
    this.#unread.length = 0
    if (!this.#isHeld) this.#turns.remove(this, this.#calls.size)
    this.#entries.clear()
    this.#calls.clear()
  }

  runNext(nowMs: number): boolean {
    this.#run(nowMs)
    // What belongs to the calls that were run is not kept waiting.
    while (!this.#entries.isEmpty && this.#entries.first?.call === undefined) this.#run(nowMs)
    if (this.#length < MAX_WAITING_LENGTH / 2) this.#resume()
    // What was just run may have been answered with more than the other side reads.
    return !this.#isHeld && !this.#entries.isEmpty
  }

  #resume(): void {
    if (this.#isPaused) this.#owner.resume()
    this.#isPaused = false
  }

  readonly #readOn = (): void => {
    const [frame] = this.#unread
    if (frame === undefined) return
    this.#unreadFrom = this.#read(frame, this.#unreadFrom)
    if (this.#isCleared) return
    if (this.#unreadFrom === frame.length) {
      this.#unread.shift()
      this.#unreadFrom = 0
    }
    if (this.#unread.length > 0) setImmediate(this.#readOn)
    else {
      this.#owner.resume()
      this.#onRead?.()
    }
  }

  /** Reads for as long as it may, and answers how far it came. */
  #read(frame: string, from: number): number {
    // The clock takes as long as a small event does: one short frame of events or answers needs none.
    let beganAtMs = frame.length - from > LOOK.length ? performance.now() : undefined
    let calls = 0
    const onLine = (line: string): void => {
      if (!isCall(line)) this.#receiveOther(line)
      else if (isExcessCall(line)) this.#refuseExcess(line)
      else if (this.#turns.isOver || this.#isHeld || this.#owner.isFull) this.#receiveCall(line)
      else {
        beganAtMs ??= performance.now()
        this.#owner.receiveLine(line)
        // The clock costs a hundredth of a small call: it is read after each of the first, and then after some.
        if (++calls < 8 || calls % 4 === 0) this.#turns.check(beganAtMs)
      }
    }
    let next = readSomeLines(frame, from, LOOK, onLine)
    if (next === frame.length) return next
    beganAtMs ??= performance.now()
    while (next < frame.length && !this.#isCleared && performance.now() - beganAtMs < READ_MS) {
      next = readSomeLines(frame, next, LOOK, onLine)
    }
    return next
  }

  #receiveOther(line: string): void {
    const { isEmpty } = this.#entries
    const cancelled = isEmpty ? Number.NaN : readCancelled(line)
    const waiting = this.#calls.get(cancelled)
    if (waiting !== undefined) waiting.isCancelled = true
    // What cancels no call that waits here need not wait for one.
    else if (isEmpty || !Number.isNaN(cancelled) || isSubscription(line) || this.#isForOwn(line))
      this.#owner.receiveLine(line)
    else this.#wait({ line, arrivedAtMs: performance.now(), isCancelled: false })
  }

  /** Events are among them: the answer to a subscription says which of them came before it. */
  #isForOwn(line: string): boolean {
    return isEvents(line) || this.#owner.isOwn(readCallId(line))
  }

  #receiveCall(line: string): void {
    const call = readCallHead(line)
    // No call at all: whoever reads lines will say so.
    if (call === undefined) this.#owner.receiveLine(line)
    else if (!this.#owner.takeId(call.id)) return
    else if (this.#owner.isFull) this.#owner.refuseFull(call)
    else if (this.#isHeld && !this.#mayHold(line)) this.#refuseHeld(call)
    else if (this.#turns.waitMs > call.timeLeftMs / 2) this.#refuseLate(call)
    else this.#waitForTurn(line, call)
  }

  #mayHold(line: string): boolean {
    return this.#calls.size < MAX_SESSION_CALLS && this.#length + line.length <= MAX_BUFFERED_BYTES
  }

  #waitForTurn(line: string, call: CallHead): void {
    const entry = { line, call, arrivedAtMs: performance.now(), isCancelled: false }
    this.#calls.set(call.id, entry)
    if (!this.#isHeld) this.#turns.add(this)
    this.#wait(entry)
  }

  #wait(entry: Entry): void {
    this.#entries.push(entry)
    this.#length += entry.line.length + WAITING_LINE_LENGTH
    if (this.#isPaused || this.#length <= (this.#isHeld ? MAX_BUFFERED_BYTES : MAX_WAITING_LENGTH)) return
    this.#isPaused = true
    this.#owner.pause()
  }

  #run(nowMs: number): void {
    const entry = this.#entries.take()
    if (entry === undefined) return
    this.#length -= entry.line.length + WAITING_LINE_LENGTH
    const { call, line } = entry
    if (call === undefined) {
      this.#owner.receiveLine(line)
      return
    }
    this.#calls.delete(call.id)
    const waitedMs = nowMs - entry.arrivedAtMs
    if (entry.isCancelled) return
    if (this.#owner.isFull) this.#owner.refuseFull(call)
    else if (waitedMs >= call.timeLeftMs) this.#refuseExpired(call)
    else this.#owner.receiveLine(line, waitedMs)
  }

  #refuseExcess(line: string): void {
    const call = readCallHead(line)
    if (call === undefined) this.#owner.receiveLine(line)
    else if (this.#owner.takeId(call.id)) this.#owner.refuse(call.id, refuseInput(call.tag, line))
  }

  #refuseHeld({ id, tag }: CallHead): void {
    const problem = `over ${MAX_BUFFERED_BYTES} bytes wait to leave for its caller, who reads too slowly`
    const message = `${tag} is refused: ${problem}, and too many calls wait for that`
    this.#owner.refuse(id, createRefusal('resource_exhausted', message))
  }

  #refuseLate({ id, tag, timeLeftMs }: CallHead): void {
    const waitMs = Math.ceil(this.#turns.waitMs)
    const message = `${tag} is refused: the calls before it will take ${waitMs} ms, over half of its ${timeLeftMs} ms`
    this.#owner.refuse(id, createRefusal('resource_exhausted', message))
  }

  #refuseExpired({ id, tag, timeLeftMs }: CallHead): void {
    const message = `${tag} was not run: it waited for longer than its ${timeLeftMs} ms`
    this.#owner.refuse(id, createRefusal('deadline_exceeded', message))
  }
}
