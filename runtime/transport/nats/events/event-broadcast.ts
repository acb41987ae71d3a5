import type { RemotePeer } from '../../../api/remote-peer.js'
import type { EventWay } from '../../../wire/events.js'
import type { SharedLines } from '../../../wire/shared-lines.js'
import { isCongested } from '../../session/streams/open-stream.js'
import type { Engine } from '../engine.js'
import { nameEvent } from '../subjects.js'

/** What is said to subscribers besides events: to renew their subscriptions, all of them or one whose id follows; and that no more comes. */
export const RENEW = '?'
export const END = '!'

/** The events of one peer, each published once, on the subject of its tag: the engine hands them to all who are subscribed. */
export class EventBroadcast implements EventWay {
  readonly reader = 'the engine'
  readonly #engine: Engine
  readonly #self: Pick<RemotePeer, 'id' | 'group'>
  /** By tag: those of connected schemas, whose number is bounded. */
  readonly #subjects = new Map<string, string>()
  /** Who goes on when what was published has left, or is lost. */
  #waiting: (() => void)[] = []

  constructor(engine: Engine, self: Pick<RemotePeer, 'id' | 'group'>) {
    this.#engine = engine
    this.#self = self
  }

  get maxBytes(): number {
    return this.#engine.maxBytes
  }

  /** Answers false while there is no engine. */
  send(lines: SharedLines, tag: string): boolean {
    if (this.#engine.downSinceMs !== undefined) return false
    this.#engine.publish(this.#findSubject(tag), lines.bytes)
    return true
  }

  isCongested(resume: () => void): boolean {
    const { bufferedBytes } = this.#engine
    return isCongested({ bufferedBytes, onceDrained: () => this.#wait(resume) }, resume)
  }

  /** Says something else to all who are subscribed to an event. */
  tell(tag: string, text: string): void {
    this.#engine.publish(nameEvent(this.#self, tag), text)
  }

  /** What was published may be lost: nobody waits until it has left. */
  release(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resume of waiting) resume()
  }

  #wait(resume: () => void): void {
    if (this.#waiting.length === 0) this.#engine.onceFlushed(() => this.release())
    this.#waiting.push(resume)
  }

  #findSubject(tag: string): string {
    const known = this.#subjects.get(tag)
    if (known !== undefined) return known
    const subject = nameEvent(this.#self, tag)
    this.#subjects.set(tag, subject)
    return subject
  }
}
