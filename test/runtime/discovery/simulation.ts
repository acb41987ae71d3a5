import { Detector, PATIENCE_THERE, TICK_MS } from '../../../runtime/discovery/detector.js'
import { createRandom } from '../../../runtime/transport/memory/create-random.js'

/** What is simulated. */
export interface World {
  readonly seed: number
  readonly peers: number
  readonly durationMs: number
  /** The share of messages that are lost, each on its own. */
  readonly loss: number
}

/** What came of it. */
export interface Outcome {
  /** How many seconds it was in total that one live peer watched another. */
  readonly pairSeconds: number
  /** How often a live peer was declared dead. */
  readonly wronged: number
  /** How long it took from a death until each live peer had declared it, without the time in which that one was stopped itself. */
  readonly tookMs: readonly number[]
  /** How often a live peer did not declare one that had died long before the end. */
  readonly missed: number
  /** How often a process was stopped. */
  readonly pauses: number
}

const BEAT_MS = 250
const PROBE_TIMEOUT_MS = 400
/** For how long a peer is said to be heard after something came from it. */
const HEARS_MS = 1_000
const MAX_PAUSE_MS = 2_000
/** One of these befalls some peer this often on average. */
const PAUSE_EVERY_MS = 1_500
const DEATH_EVERY_MS = 4_000
/** Messages take up to 40 ms, and one in a hundred up to 200. */
const MAX_DELAY_MS = 200
/** By then, whatever pauses there were, a death has to be known. */
const LONG_MS = 15_000

interface Node {
  readonly id: string
  readonly detector: Detector
  readonly heardAtMs: Map<Node, number>
  readonly askedAtMs: Map<string, number>
  stoppedUntilMs: number
  stoppedForMs: number
  diedAtMs: number | undefined
}

/**
 * Peers that beat each other over a network with delays and loss, as processes that are stopped now and then for up to 2 s, and killed
 * and replaced by new ones. A beat says whether its sender hears the receiver, and counts only then, so that ways that carry in one
 * direction alone count for none.
 */
export class Simulation {
  readonly #world: World
  readonly #random: () => number
  /** What happens in each millisecond, in a ring that is longer than anything takes. */
  readonly #ring: (() => void)[][] = Array.from({ length: 4_096 }, () => [])
  readonly #byId = new Map<string, Node>()
  /** For each dead peer, who has not declared it yet, with the time for which that one had been stopped before. */
  readonly #mourning = new Map<string, Map<Node, number>>()
  readonly #tookMs: number[] = []
  #live: Node[] = []
  #nowMs = 0
  #pairMs = 0
  #wronged = 0
  #pauses = 0
  #born = 0

  constructor(world: World) {
    this.#world = world
    this.#random = createRandom(world.seed)
  }

  run(): Outcome {
    for (let count = 0; count < this.#world.peers; count++) this.#bear()
    for (; this.#nowMs < this.#world.durationMs; this.#nowMs++) {
      if (this.#random() < 1 / PAUSE_EVERY_MS) this.#stop(this.#pick())
      if (this.#random() < 1 / DEATH_EVERY_MS) this.#kill(this.#pick())
      const due = this.#ring[this.#nowMs % this.#ring.length] as (() => void)[]
      // What happens now may make something else happen now.
      for (const happen of due) happen()
      due.length = 0
      this.#pairMs += this.#live.length * (this.#live.length - 1)
    }
    const pairSeconds = this.#pairMs / 1_000
    return { pairSeconds, wronged: this.#wronged, tookMs: this.#tookMs, missed: this.#missed, pauses: this.#pauses }
  }

  #bear(): void {
    const node: Node = {
      id: `peer${this.#born++}`,
      detector: new Detector(),
      heardAtMs: new Map(),
      askedAtMs: new Map(),
      stoppedUntilMs: 0,
      stoppedForMs: 0,
      diedAtMs: undefined,
    }
    for (const other of this.#live) {
      for (const [one, two] of [[node, other] as const, [other, node] as const]) {
        one.detector.add(two.id, PATIENCE_THERE, this.#nowMs)
        one.heardAtMs.set(two, this.#nowMs)
      }
    }
    this.#live.push(node)
    this.#byId.set(node.id, node)
    this.#at(this.#random() * TICK_MS, () => this.#tick(node))
    this.#at(this.#random() * BEAT_MS, () => this.#beat(node))
  }

  #stop(node: Node): void {
    if (node.stoppedUntilMs > this.#nowMs) return
    const forMs = this.#random() * MAX_PAUSE_MS
    node.stoppedUntilMs = this.#nowMs + forMs
    node.stoppedForMs += forMs
    this.#pauses++
  }

  #kill(node: Node): void {
    // Nobody is accused early for a death that follows a pause.
    if (node.stoppedUntilMs > this.#nowMs) return
    node.diedAtMs = this.#nowMs
    this.#live = this.#live.filter((other) => other !== node)
    const stoppedForMs = new Map(this.#live.map((observer) => [observer, this.#stoppedSince(observer)]))
    this.#mourning.set(node.id, stoppedForMs)
    this.#bear()
  }

  /** For how long a peer has been stopped in its life, by now. */
  #stoppedSince(node: Node): number {
    return node.stoppedForMs - Math.max(0, node.stoppedUntilMs - this.#nowMs)
  }

  get #missed(): number {
    const longDead = [...this.#mourning].filter(([id]) => this.#nowMs - (this.#byId.get(id)?.diedAtMs ?? 0) > LONG_MS)
    return longDead.flatMap(([, unaware]) => [...unaware.keys()].filter((node) => node.diedAtMs === undefined)).length
  }

  #tick(node: Node): void {
    if (node.diedAtMs !== undefined) return
    if (this.#defer(node, () => this.#tick(node))) return
    for (const { id, type } of node.detector.tick(this.#nowMs)) {
      if (type === 'probe') this.#probe(node, id)
      if (type === 'gone') this.#declare(node, id)
    }
    this.#at(TICK_MS, () => this.#tick(node))
  }

  #declare(node: Node, id: string): void {
    const accused = this.#byId.get(id) as Node
    if (accused.diedAtMs === undefined) {
      this.#wronged++
      return
    }
    const stoppedBeforeMs = this.#mourning.get(id)?.get(node) ?? 0
    this.#mourning.get(id)?.delete(node)
    this.#tookMs.push(this.#nowMs - accused.diedAtMs - (this.#stoppedSince(node) - stoppedBeforeMs))
  }

  #beat(node: Node): void {
    if (node.diedAtMs !== undefined) return
    if (this.#defer(node, () => this.#beat(node))) return
    for (const other of this.#live) {
      if (other === node) continue
      const hears = this.#nowMs - (node.heardAtMs.get(other) ?? 0) < HEARS_MS
      this.#send(other, () => this.#receive(other, node, hears))
    }
    this.#at(BEAT_MS, () => this.#beat(node))
  }

  #receive(node: Node, from: Node, isHeard: boolean): void {
    node.heardAtMs.set(from, this.#nowMs)
    if (isHeard) node.detector.heard(from.id, this.#nowMs)
  }

  /** Asks a peer, unless it is being asked. */
  #probe(node: Node, id: string): void {
    if (this.#nowMs - (node.askedAtMs.get(id) ?? Number.NEGATIVE_INFINITY) < PROBE_TIMEOUT_MS) return
    node.askedAtMs.set(id, this.#nowMs)
    const other = this.#byId.get(id) as Node
    this.#send(other, () => this.#send(node, () => this.#receive(node, other, true)))
  }

  /** Something arrives at a live peer, if it is not lost; later where that one is stopped. */
  #send(to: Node, arrive: () => void): void {
    if (this.#random() < this.#world.loss) return
    const delayMs = this.#random() * (this.#random() < 0.01 ? MAX_DELAY_MS : 40)
    const deliver = (): void => {
      if (to.diedAtMs === undefined && !this.#defer(to, deliver)) arrive()
    }
    this.#at(delayMs, deliver)
  }

  /** What a stopped process does first when it goes on are its timers: what has arrived is read after them. */
  #defer(node: Node, run: () => void): boolean {
    const leftMs = node.stoppedUntilMs - this.#nowMs
    if (leftMs <= 0) return false
    this.#at(leftMs + 1, run)
    return true
  }

  #pick(): Node {
    return this.#live[Math.floor(this.#random() * this.#live.length)] as Node
  }

  #at(delayMs: number, happen: () => void): void {
    const dueMs = this.#nowMs + Math.max(1, Math.ceil(delayMs))
    this.#ring[dueMs % this.#ring.length]?.push(happen)
  }
}
