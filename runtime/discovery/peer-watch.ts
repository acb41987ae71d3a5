import type { PeerChange } from '../api/peer.js'
import type { RemotePeer } from '../api/remote-peer.js'
import type { PeerTable } from './peer-table.js'

type Result = IteratorResult<PeerChange, undefined>

const DONE: Result = { done: true, value: undefined }

/** What happens to the peers that fit a filter, as an async iterator. It follows the table from the first `next` to its end. */
export class PeerWatch implements AsyncIterableIterator<PeerChange> {
  readonly #table: Pick<PeerTable, 'follow'>
  readonly #fits: (peer: RemotePeer) => boolean
  readonly #signal: AbortSignal | undefined
  readonly #onAbort = (): void => this.#end()
  /** Those of whom was told that they are there, or will be. */
  readonly #present = new Set<string>()
  /** What was not read yet: at most a joining, something in between and a leaving for each peer. */
  #unread: PeerChange[] = []
  readonly #waiting: ((result: Result) => void)[] = []
  #unfollow: (() => void) | undefined
  #isOver = false

  /** Ends, without an error, when the signal fires, when it is left, and when the table is closed. */
  constructor(table: Pick<PeerTable, 'follow'>, fits: (peer: RemotePeer) => boolean, signal: AbortSignal | undefined) {
    this.#table = table
    this.#fits = fits
    this.#signal = signal
  }

  next(): Promise<Result> {
    if (this.#unfollow === undefined && !this.#isOver) this.#begin()
    const change = this.#unread.shift()
    if (change !== undefined) return Promise.resolve({ done: false, value: change })
    if (this.#isOver) return Promise.resolve(DONE)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  async return(): Promise<Result> {
    this.#end()
    return DONE
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #begin(): void {
    if (this.#signal?.aborted === true) {
      this.#end()
      return
    }
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true })
    this.#unfollow = this.#table.follow(
      (change) => this.#add(change),
      () => this.#end(),
    )
  }

  #end(): void {
    this.#isOver = true
    this.#unread = []
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#unfollow?.()
    for (const resolve of this.#waiting.splice(0)) resolve(DONE)
  }

  #add(change: PeerChange): void {
    if (this.#isOver) return
    const { type, peer } = change
    const isPresent = this.#present.has(peer.id)
    if (type === 'left' || !this.#fits(peer)) {
      if (isPresent) this.#tell({ type: 'left', peer })
    } else this.#tell(isPresent ? change : { type: 'joined', peer })
  }

  #tell(change: PeerChange): void {
    const { type, peer } = change
    if (type === 'left') this.#present.delete(peer.id)
    else this.#present.add(peer.id)
    const [resolve] = this.#waiting.splice(0, 1)
    if (resolve !== undefined) {
      resolve({ done: false, value: change })
      return
    }
    // What nobody has read yet becomes as few changes as can be: who came and went meanwhile was never there.
    const earlier = this.#unread.filter((unread) => unread.peer.id === peer.id).map((unread) => unread.type)
    const kept = type === 'left' ? [] : ['joined', 'left']
    this.#unread = this.#unread.filter((unread) => unread.peer.id !== peer.id || kept.includes(unread.type))
    if (type !== 'left' || earlier.includes('left') || !earlier.includes('joined')) this.#unread.push(change)
  }
}
