import { CLOSE_SILENT } from './link.js'
import { CLOSING, type Session } from './session.js'

/** How long the other sides have to say goodbye, in milliseconds, once nothing of theirs is served. */
const FAREWELL_MS = 1_000

/**
 * How long after a session another one with the same peer can have been dialled at once with it, in milliseconds: who dials later than
 * that has lost the first one. Where a dial took longer both end, in order, and the next call dials again.
 */
const AT_ONCE_MS = 2_000

/** With whom a session is, and since when. */
interface Entry {
  readonly peerId: string
  readonly sinceMs: number
}

/** The sessions that are open, one for each peer. */
export class SessionTable {
  readonly #sessions = new Map<string, Session>()
  /** Those too that only finish what is in flight. */
  readonly #all = new Map<Session, Entry>()
  #onEmpty: (() => void) | undefined

  find(peerId: string): Session | undefined {
    return this.#sessions.get(peerId)
  }

  /** The ids of the peers from whom something came since this was last asked. */
  takeHeard(): string[] {
    return [...this.#sessions].flatMap(([peerId, session]) => (session.takeHeard() ? [peerId] : []))
  }

  /**
   * Adds a session. Of two with one peer that were dialled at once the preferred one stays, else the later one; the other finishes
   * what is in flight.
   */
  add(peerId: string, session: Session, isPreferred: boolean): void {
    const nowMs = performance.now()
    this.#all.set(session, { peerId, sinceMs: nowMs })
    const known = this.#sessions.get(peerId)
    const sinceMs = known && this.#all.get(known)?.sinceMs
    if (sinceMs !== undefined && nowMs - sinceMs < AT_ONCE_MS && !isPreferred) {
      session.leave('another session is kept')
      return
    }
    this.#sessions.set(peerId, session)
    known?.leave('another session is kept')
  }

  /** Takes back a session that takes no new calls. Answers with the peer that has none now; undefined where it has another. */
  remove(session: Session): string | undefined {
    if (session.isClosed) {
      this.#all.delete(session)
      if (this.#all.size === 0) this.#onEmpty?.()
    }
    for (const [peerId, known] of this.#sessions) {
      if (known === session && this.#sessions.delete(peerId)) return peerId
    }
    return undefined
  }

  /** Ends those with a peer of whom nothing is heard. */
  abandon(peerId: string): void {
    for (const [session, entry] of [...this.#all]) if (entry.peerId === peerId) session.terminate(CLOSE_SILENT)
  }

  /** Tells all of them that this peer is going away; they end when what is in flight is answered. */
  leave(): void {
    for (const session of [...this.#all.keys()]) session.leave(CLOSING)
  }

  /**
   * Ends all of them, when both sides have said goodbye or after a second; those that still serve at once, unless all answers were
   * given and only have to leave.
   */
  close(isDrained: boolean): Promise<void> {
    for (const session of [...this.#all.keys()]) {
      if (session.isServing && !isDrained) session.close()
      else session.end()
    }
    if (this.#all.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        for (const session of [...this.#all.keys()]) session.terminate()
      }, FAREWELL_MS)
      this.#onEmpty = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
