import { FrameWriter } from '../../frame-writer.js'
import type { Engine } from '../engine.js'
import { createMessageLimits } from './message-limits.js'

/** One connection of one peer, as it is called: what is written in one tick leaves in few messages. */
export class CalledConnection {
  readonly tag: string
  /** Where it hears calls. */
  readonly subject: string
  readonly #reply: string
  readonly #writer: FrameWriter
  #messages = 0
  #refused = 0

  /**
   * What `reply` begins is the name of each message: where it is told of, should nobody hear it. `isIdle` says whether the peer has nothing
   * to answer but what is written now.
   */
  constructor(engine: Engine, tag: string, subject: string, reply: string, isIdle: () => boolean) {
    this.tag = tag
    this.subject = subject
    this.#reply = reply
    const send = (lines: string, isEarly: boolean): void => {
      engine.publish(subject, lines, this.nameMessage(++this.#messages))
      if (isEarly) engine.sendNow()
    }
    this.#writer = new FrameWriter(send, createMessageLimits(engine, isIdle))
  }

  /** Writes a line, and answers the number of the message that it is part of. */
  write(line: string): number {
    this.#writer.write(line)
    return this.#writer.isEmpty ? this.#messages : this.#messages + 1
  }

  /** Where it is told that nobody heard a message. */
  nameMessage(message: number): string {
    return `${this.#reply}-${message.toString(36)}`
  }

  /**
   * The server has not permitted one of the messages; which, it does not say. Answers whether it has permitted none that was sent by now, so
   * that no call in them has run.
   */
  refuse(): boolean {
    this.#refused++
    return this.#refused >= this.#messages
  }

  /** Sends at once what was gathered. */
  flush(): void {
    this.#writer.flush()
  }
}
