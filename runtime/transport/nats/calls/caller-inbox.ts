import type { CallerIdentity } from '../../../wire/exchange.js'
import { FrameWriter } from '../../frame-writer.js'
import type { Engine } from '../engine.js'
import { readAnswers } from '../subjects.js'
import { writeAnswerLine, writeEndLine } from './call-lines.js'
import { createMessageLimits } from './message-limits.js'
import { type Reply, refuseOversize } from './reply.js'

/** As many as peers that call in turns. One that is forgotten is made anew. */
const MAX_INBOXES = 1_024

/** What answers are called in it: one name for all, since a server remembers who hears a subject. */
const ANSWERS = 'a'

/** Where the answers to one peer go: those of one tick leave in few messages. */
export class CallerInbox {
  /** Whoever wants answers there, since only it hears them. */
  readonly caller: CallerIdentity
  /** What its subjects begin with. */
  readonly prefix: string
  readonly #engine: Engine
  readonly #writer: FrameWriter

  constructor(engine: Engine, prefix: string, caller: CallerIdentity) {
    this.caller = caller
    this.prefix = prefix
    this.#engine = engine
    const subject = prefix + ANSWERS
    const send = (lines: string, isEarly: boolean): void => {
      engine.publish(subject, lines)
      if (isEarly) engine.sendNow()
    }
    // Who calls one at a time, and waits, has one answer in a tick.
    this.#writer = new FrameWriter(
      send,
      createMessageLimits(engine, () => false),
    )
  }

  /** How long a line may be, in bytes: one that is longer leaves in no message. */
  get maxBytes(): number {
    return this.#engine.maxBytes
  }

  write(line: string): void {
    this.#writer.write(line)
  }

  /** Sends at once what was gathered. */
  flush(): void {
    this.#writer.flush()
  }
}

/** The answer to one call of a peer's. */
export class LineReply implements Reply {
  readonly key: string
  readonly #inbox: CallerInbox
  readonly #id: number
  readonly #tag: string

  constructor(inbox: CallerInbox, id: number, tag: string) {
    this.key = inbox.prefix + id
    this.#inbox = inbox
    this.#id = id
    this.#tag = tag
  }

  answer(status: number, body: string): void {
    const line = writeAnswerLine(this.#id, status, body)
    const { maxBytes } = this.#inbox
    // UTF-8 has at most three bytes for each unit of UTF-16: most answers need no counting.
    if (line.length * 3 < maxBytes || Buffer.byteLength(line) < maxBytes) this.#inbox.write(line)
    else refuseOversize(this, this.#tag, body, maxBytes)
  }

  lose(): void {
    this.#inbox.write(writeEndLine(this.#id))
  }
}

/** Where the peers want their answers that have called. */
export class CallerInboxes {
  readonly #engine: Engine
  /** By what their subjects begin with. */
  readonly #inboxes = new Map<string, CallerInbox>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** The one that a subject is in; undefined where it is in that of no peer. */
  find(subject: string): CallerInbox | undefined {
    const known = this.#inboxes.get(subject.slice(0, subject.lastIndexOf('.') + 1))
    if (known !== undefined) return known
    const answers = readAnswers(subject)
    if (answers === undefined) return undefined
    const made = new CallerInbox(this.#engine, answers.prefix, answers.peer)
    if (this.#inboxes.size >= MAX_INBOXES) this.#forgetAll()
    this.#inboxes.set(answers.prefix, made)
    return made
  }

  /** Sends at once what was gathered for the one whose subjects begin so. */
  flush(prefix: string): void {
    this.#inboxes.get(prefix)?.flush()
  }

  /** The same for all of them. */
  flushAll(): void {
    for (const inbox of this.#inboxes.values()) inbox.flush()
  }

  /** What is gathered leaves first: no `flush` would find it. */
  #forgetAll(): void {
    this.flushAll()
    this.#inboxes.clear()
  }
}
