import { printAddress } from '../../../api/address.js'
import type { RemotePeer } from '../../../api/remote-peer.js'
import { encodeTag } from '../../../wire/tag.js'
import type { Engine } from '../engine.js'
import { nameCalls } from '../subjects.js'
import { CalledConnection } from './called-connection.js'

/** The way to one peer, and the calls that wait for its answers. */
export class CallRoute {
  readonly peer: RemotePeer
  /** As messages of errors name it. */
  readonly address: string
  /** What the subjects of its answers begin with: whoever does not call it cannot guess them, the other peers that are called neither. */
  readonly inbox: string
  readonly #engine: Engine
  readonly #prefix: string
  /** By tag: those of connected schemas, whose number is bounded. */
  readonly #connections = new Map<string, CalledConnection>()
  /** How many calls wait. */
  inFlight = 0
  /** How often it was asked for something since anything of it was heard, or it was first waited for. */
  silentBeats = 0

  constructor(engine: Engine, peer: RemotePeer, inbox: string) {
    this.#engine = engine
    this.peer = peer
    this.address = printAddress(peer)
    this.inbox = inbox
    this.#prefix = nameCalls(peer)
  }

  /** One of its connections. */
  find(tag: string): CalledConnection {
    const known = this.#connections.get(tag)
    if (known !== undefined) return known
    const name = this.inbox + this.#connections.size.toString(36)
    // The call that is written counts already.
    const isIdle = (): boolean => this.inFlight <= 1
    const made = new CalledConnection(this.#engine, tag, this.#prefix + encodeTag(tag), name, isIdle)
    this.#connections.set(tag, made)
    return made
  }

  /** The connection that hears calls on a subject. */
  findBySubject(subject: string): CalledConnection | undefined {
    if (!subject.startsWith(this.#prefix)) return undefined
    for (const connection of this.#connections.values()) if (connection.subject === subject) return connection
    return undefined
  }

  /** Sends at once what was gathered. */
  flush(): void {
    for (const connection of this.#connections.values()) connection.flush()
  }
}
