import { setTimeout as sleep } from 'node:timers/promises'
import type { RemotePeer } from '../../api/remote-peer.js'
import { refuse } from '../../errors/refuse.js'
import type { Engine, EngineMessage } from '../../transport/nats/engine.js'
import type { BeatSettings } from '../../transport/nats/nats-options.js'
import type { PeerBook } from '../../transport/nats/peer-book.js'
import { printSince } from '../../transport/nats/print-since.js'
import { ALL_BEATS, nameBeats, nameGreeting } from '../../transport/nats/subjects.js'
import type { Patience } from '../detector.js'
import type { Claims, Provider } from '../provider.js'
import { type BeatKind, printBeat, readBeat } from './beat-record.js'

/** How long a look waits for those who answer a hello, in milliseconds: at most, and after the last of them. */
const HELLO_MS = 150
const QUIET_MS = 20

/**
 * How many peers answer a hello at once; more take their time, half a millisecond for each that is known and 100 ms at most: whoever is
 * greeted could not read them all in one moment, and a look waits for longer.
 */
const MAX_AT_ONCE = 32
const SPREAD_MS_PER_PEER = 0.5
const MAX_SPREAD_MS = 100

/**
 * The peers of an engine: each says there that it has come, that it is still there, and that it goes. Whoever may publish where the peers
 * of a group say that is believed of peers of this group: who that is, the engine's permissions say.
 */
export class EngineProvider implements Provider {
  readonly name = 'engine'
  readonly #findEngine: () => Engine
  readonly #book: PeerBook
  readonly #settings: BeatSettings
  #self: RemotePeer | undefined
  #claims: Claims | undefined
  #ends: (() => void)[] = []
  #timer: NodeJS.Timeout | undefined
  #greetedAtMs = Number.NEGATIVE_INFINITY
  #heardAtMs = Number.POSITIVE_INFINITY

  /** `findEngine` is called when the peer listens, and later. */
  constructor(findEngine: () => Engine, book: PeerBook, settings: BeatSettings) {
    this.#findEngine = findEngine
    this.#book = book
    this.#settings = settings
  }

  async start(self: RemotePeer, claims: Claims): Promise<void> {
    this.#self = self
    this.#claims = claims
    const engine = this.#findEngine()
    const hear = (subject: string, onRefused?: () => void): void => {
      this.#ends.push(engine.subscribe(subject, (message) => this.#receive(message), onRefused))
    }
    const hearOwn = (): void => hear(nameBeats(self.group))
    hear(nameGreeting(self))
    // A user that may hear only its own group's beats is told so, and hears those: before anybody is asked to say something.
    if (this.#settings.ownGroupOnly) hearOwn()
    else hear(ALL_BEATS, hearOwn)
    await engine.flush()
    this.#ends.push(
      engine.follow((isUp) => {
        if (!isUp) return
        this.#book.excuse()
        this.#greet()
      }),
    )
    this.#timer = setInterval(() => this.#say('beat'), this.#settings.beatMs).unref()
    this.#greet()
    // From here on, whoever looks finds this peer.
    await engine.flush()
  }

  async refresh(): Promise<void> {
    const endMs = this.#greetedAtMs + HELLO_MS
    for (let nowMs = performance.now(); nowMs < Math.min(endMs, this.#heardAtMs + QUIET_MS); nowMs = performance.now())
      await sleep(5)
    const engine = this.#findEngine()
    await engine.flush()
    if (engine.downSinceMs !== undefined)
      throw refuse('unavailable', `peers cannot be looked for: the engine is down${printSince(engine)}`)
  }

  stop(): Promise<void> {
    clearInterval(this.#timer)
    for (const end of this.#ends) end()
    this.#ends = []
    if (this.#self !== undefined) this.#say('goodbye')
    return Promise.resolve()
  }

  /** Of who is cut off, four beats are missing, and what is left of the tick in which that is noticed: within 2.8 s by default. */
  patienceWith({ id }: RemotePeer): Patience {
    const beatMs = this.#book.findBeatMs(id)
    return { probeAfterMs: 1.5 * beatMs, suspectAfterMs: 2.5 * beatMs, goneAfterMs: 4 * beatMs }
  }

  #greet(): void {
    const self = this.#self
    if (self !== undefined) this.#say('hello', nameGreeting(self))
    this.#greetedAtMs = performance.now()
  }

  #say(kind: BeatKind, reply?: string): void {
    const self = this.#self
    if (self !== undefined) this.#findEngine().publish(nameBeats(self.group), this.#print(kind, self), reply)
  }

  #print(kind: BeatKind, peer: RemotePeer): string {
    return printBeat({ kind, peer, everyMs: this.#settings.beatMs })
  }

  #receive(message: EngineMessage): void {
    const { kind, peer, everyMs } = readBeat(message.data) ?? {}
    if (peer === undefined || everyMs === undefined || peer.id === this.#self?.id) return
    if (!this.#isCredible(message.subject, peer, kind === 'goodbye')) return
    if (kind === 'goodbye') {
      this.#book.forget(peer.id)
      this.#claims?.remove(peer.id, this)
      return
    }
    this.#heardAtMs = performance.now()
    this.#book.hear(peer, everyMs)
    this.#claims?.answered(peer, performance.now(), this)
    if (kind === 'hello') this.#answer(message)
  }

  /**
   * Whether a peer may have said something here: of itself a peer speaks where its group does, or answers the greeting of this one, to which
   * it says no goodbye. No peer changes its group: who is known by its id in another one is somebody else.
   */
  #isCredible(subject: string, { id, group }: RemotePeer, isGoodbye: boolean): boolean {
    const self = this.#self
    const isAnswer = !isGoodbye && self !== undefined && subject === nameGreeting(self)
    if (!isAnswer && subject !== nameBeats(group)) return false
    const known = this.#book.findGroup(id)
    return known === undefined ? !isGoodbye : known === group
  }

  /** Whoever greets is told alone, unless it wants to be told as everybody is. */
  #answer(hello: EngineMessage): void {
    const answer = (): void => {
      const self = this.#self
      if (self === undefined || this.#ends.length === 0) return
      if (hello.reply === undefined) this.#say('beat')
      else this.#findEngine().answer(hello, this.#print('beat', self))
    }
    const { size } = this.#book
    if (size <= MAX_AT_ONCE) answer()
    else setTimeout(answer, Math.random() * Math.min(MAX_SPREAD_MS, size * SPREAD_MS_PER_PEER)).unref()
  }
}
