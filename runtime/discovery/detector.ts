/** How long a peer may be silent, in milliseconds each. */
export interface Patience {
  /** Then it is asked whether it is there, again and again. */
  readonly probeAfterMs: number
  /** Then it is suspect: nothing new is given to it that another peer could do. */
  readonly suspectAfterMs: number
  /** Then it is gone. Infinity where silence alone is no proof. */
  readonly goneAfterMs: number
}

/**
 * With peers that send a beat every 250 ms, or answer when they are asked. Twelve beats in a row are lost once in 10^12 times at a
 * loss of 10 %, and a pause of 2 s leaves a second to be heard again.
 */
export const PATIENCE_THERE: Patience = Object.freeze({ probeAfterMs: 600, suspectAfterMs: 1_500, goneAfterMs: 3_000 })

/** With peers whose process can be looked at: who is silent there is stopped or blocked, and not gone. */
export const PATIENCE_HERE: Patience = Object.freeze({
  probeAfterMs: 5_000,
  suspectAfterMs: 6_000,
  goneAfterMs: Number.POSITIVE_INFINITY,
})

/** What follows from a peer's silence, or from its end. */
export interface Verdict {
  readonly id: string
  readonly type: 'probe' | 'suspect' | 'alive' | 'gone'
}

/** How often the detector is to be asked, in milliseconds. */
export const TICK_MS = 250

/**
 * The most that passes between two ticks as far as silence is concerned, in milliseconds. Whoever ticks later than that was stopped
 * or blocked itself: what the others said meanwhile is still to be read.
 */
const MAX_STEP_MS = 300

/** How many peers are asked in one tick, the most silent first: a network of any size costs each peer the same. */
const MAX_PROBES = 16

interface Watched {
  patience: Patience
  /** On the detector's own clock. */
  heardAtMs: number
  isSuspect: boolean
}

/**
 * Judges from silence alone who is alive: alive, then probed, suspect, gone. It has no clock, no timer and no socket; it is told the
 * time, which has to grow, and what is heard.
 */
export class Detector {
  readonly #watched = new Map<string, Watched>()
  /** Time in which this process could have heard something: it stands still while ticks are late. */
  #clockMs = 0
  #tickedAtMs: number | undefined

  /** A peer proved itself: from now on its silence counts. For one that is known only the patience changes. */
  add(id: string, patience: Patience, nowMs: number): void {
    const known = this.#watched.get(id)
    if (known !== undefined) known.patience = patience
    else this.#watched.set(id, { patience, heardAtMs: this.#read(nowMs), isSuspect: false })
  }

  /** Its silence counts no more. */
  remove(id: string): void {
    this.#watched.delete(id)
  }

  /** Something came that only this peer can have sent, and not before this time. Does nothing for one that was not added. */
  heard(id: string, atMs: number): void {
    const watched = this.#watched.get(id)
    if (watched !== undefined) watched.heardAtMs = Math.max(watched.heardAtMs, this.#read(atMs))
  }

  isSuspect(id: string): boolean {
    return this.#watched.get(id)?.isSuspect ?? false
  }

  /** What follows by now, to be asked every {@link TICK_MS}. Whoever is gone is removed. */
  tick(nowMs: number): Verdict[] {
    this.#clockMs = this.#read(nowMs)
    this.#tickedAtMs = nowMs
    const verdicts: Verdict[] = []
    const silent: { id: string; silenceMs: number }[] = []
    for (const [id, watched] of this.#watched) {
      const silenceMs = this.#clockMs - watched.heardAtMs
      const { probeAfterMs, suspectAfterMs, goneAfterMs } = watched.patience
      if (silenceMs >= goneAfterMs) {
        this.#watched.delete(id)
        verdicts.push({ id, type: 'gone' })
        continue
      }
      const isSuspect = silenceMs >= suspectAfterMs
      if (isSuspect !== watched.isSuspect) verdicts.push({ id, type: isSuspect ? 'suspect' : 'alive' })
      watched.isSuspect = isSuspect
      if (silenceMs >= probeAfterMs) silent.push({ id, silenceMs })
    }
    silent.sort((left, right) => right.silenceMs - left.silenceMs)
    for (const { id } of silent.slice(0, MAX_PROBES)) verdicts.push({ id, type: 'probe' })
    return verdicts
  }

  /** The detector's own time. */
  #read(nowMs: number): number {
    if (this.#tickedAtMs === undefined) return this.#clockMs
    return this.#clockMs + Math.min(nowMs - this.#tickedAtMs, MAX_STEP_MS)
  }
}
