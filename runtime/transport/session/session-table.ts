import type { Session } from './session.js'

/** The sessions that are open, one for each peer. */
export class SessionTable {
  readonly #sessions = new Map<string, Session>()
  /** Those too that only finish what is in flight. */
  readonly #all = new Set<Session>()

  find(peerId: string): Session | undefined {
    return this.#sessions.get(peerId)
  }

  /** Adds a session. Of two with one peer the preferred one stays; the other finishes what is in flight. */
  add(peerId: string, session: Session, isPreferred: boolean): void {
    this.#all.add(session)
    const known = this.#sessions.get(peerId)
    if (known !== undefined && !isPreferred) {
      session.leave('another session is kept')
      return
    }
    this.#sessions.set(peerId, session)
    known?.leave('another session is kept')
  }

  /** Takes back a session that takes no new calls. */
  remove(session: Session): void {
    if (session.isClosed) this.#all.delete(session)
    for (const [peerId, known] of this.#sessions) if (known === session) this.#sessions.delete(peerId)
  }

  close(): void {
    for (const session of [...this.#all]) session.close()
  }
}
