import { refuse } from '../errors/refuse.js'

/** Whether others can reach a peer: not at all, not quite yet, or since it listens. */
export class Presence {
  #listening: Promise<void> | undefined
  #isStarting = false

  /** Whether it is reached already, and whoever made it has not had the time to connect its schemas. */
  get isStarting(): boolean {
    return this.#isStarting
  }

  /** Begins to listen, the first time; every time resolves, or rejects, when that is done. */
  begin(listen: () => Promise<void>): Promise<void> {
    this.#listening ??= this.#begin(listen)
    return this.#listening
  }

  /** Resolves when what was begun is done, however it ended. */
  async settle(): Promise<void> {
    await this.#listening?.catch(() => {})
  }

  /** Throws `failed_precondition` before it was told to listen: it has no address that others could answer to, and hears of nobody. */
  refuseSilent(): void {
    if (this.#listening !== undefined) return
    throw refuse('failed_precondition', 'this peer was made with listen: false: await its listen() first')
  }

  async #begin(listen: () => Promise<void>): Promise<void> {
    this.#isStarting = true
    try {
      await listen()
    } finally {
      this.#isStarting = false
    }
  }
}
