/** How many calls of this peer each other one has in flight, of those that chose it. */
export type CallsInFlight = Map<string, number>

/** Whom one call has chosen among several peers: its attempts go to one after the other. */
export class PeerChoice {
  /** Whether there is a peer that was not tried yet: then a further attempt need not wait. */
  hasOther = false
  readonly #inFlight: CallsInFlight
  readonly #tried = new Set<string>()
  #current: string | undefined

  constructor(inFlight: CallsInFlight) {
    this.#inFlight = inFlight
  }

  /** To whom the call went last, and has not ended; undefined before the first attempt. */
  get current(): string | undefined {
    return this.#current
  }

  hasTried(peerId: string): boolean {
    return this.#tried.has(peerId)
  }

  /** The call goes to this peer now, and no longer to the one before. */
  take(peerId: string, hasOther: boolean): void {
    this.end()
    this.hasOther = hasOther
    this.#tried.add(peerId)
    this.#current = peerId
    this.#inFlight.set(peerId, (this.#inFlight.get(peerId) ?? 0) + 1)
  }

  /** The call goes to nobody any more. */
  end(): void {
    const peerId = this.#current
    if (peerId === undefined) return
    this.#current = undefined
    const left = (this.#inFlight.get(peerId) ?? 1) - 1
    if (left > 0) this.#inFlight.set(peerId, left)
    else this.#inFlight.delete(peerId)
  }
}
