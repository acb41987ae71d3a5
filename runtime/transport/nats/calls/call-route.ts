import { printAddress } from '../../../api/address.js'
import type { RemotePeer } from '../../../api/remote-peer.js'
import { encodeTag } from '../../../wire/tag.js'
import { nameCalls } from '../subjects.js'

/** The way to one peer, and the calls that wait for its answers. */
export class CallRoute {
  readonly peer: RemotePeer
  /** As messages of errors name it. */
  readonly address: string
  /** What the subjects of its answers begin with: whoever does not call it cannot guess them, the other peers that are called neither. */
  readonly inbox: string
  readonly #prefix: string
  /** By tag: those of connected schemas, whose number is bounded. */
  readonly #subjects = new Map<string, string>()
  /** How many calls wait. */
  inFlight = 0
  /** How often it was asked for something since anything of it was heard, or it was first waited for. */
  silentBeats = 0

  constructor(peer: RemotePeer, inbox: string) {
    this.peer = peer
    this.address = printAddress(peer)
    this.inbox = inbox
    this.#prefix = nameCalls(peer)
  }

  /** Where it hears calls of a connection. */
  findSubject(tag: string): string {
    const known = this.#subjects.get(tag)
    if (known !== undefined) return known
    const subject = this.#prefix + encodeTag(tag)
    this.#subjects.set(tag, subject)
    return subject
  }
}
