import { setTimeout as sleep } from 'node:timers/promises'
import type { RemotePeer } from '../../api/remote-peer.js'
import { isRefusal, refuse } from '../../errors/refuse.js'
import type { Engine } from '../../transport/nats/engine.js'
import { printIdentity, readIdentity, readRecord } from '../../transport/nats/identity-record.js'
import type { PeerBook } from '../../transport/nats/peer-book.js'
import { printSince } from '../../transport/nats/print-since.js'
import { ALL_BEATS, nameBeats } from '../../transport/nats/subjects.js'
import type { Patience } from '../detector.js'
import type { Claims, Provider } from '../provider.js'

/** How often a peer says that it is there, in milliseconds. */
const BEAT_MS = 600

/** How long a look waits for those who answer a hello, in milliseconds: at most, and after the last of them. */
const HELLO_MS = 150
const QUIET_MS = 20

/** A peer that was cut off is gone within 2.8 s: four beats, and what is left of the tick in which that is noticed. */
const PATIENCE: Patience = Object.freeze({ probeAfterMs: 900, suspectAfterMs: 1_500, goneAfterMs: 2_400 })

/** What a beat says besides who it is of. */
type BeatKind = 'hello' | 'beat' | 'goodbye'

/**
 * The peers of an engine: each says there that it has come, that it is still there, and that it goes. Whoever may publish there is
 * believed: who that is, the engine's permissions say.
 */
export class EngineProvider implements Provider {
  readonly name = 'engine'
  readonly #findEngine: () => Engine
  readonly #book: PeerBook
  #self: RemotePeer | undefined
  #claims: Claims | undefined
  #ends: (() => void)[] = []
  #timer: NodeJS.Timeout | undefined
  #greetedAtMs = Number.NEGATIVE_INFINITY
  #heardAtMs = Number.POSITIVE_INFINITY

  /** `findEngine` is called when the peer listens, and later. */
  constructor(findEngine: () => Engine, book: PeerBook) {
    this.#findEngine = findEngine
    this.#book = book
  }

  async start(self: RemotePeer, claims: Claims): Promise<void> {
    this.#self = self
    this.#claims = claims
    const engine = this.#findEngine()
    const hear = (subject: string, onRefused?: () => void): void => {
      this.#ends.push(engine.subscribe(subject, ({ data }) => this.#receive(data), onRefused))
    }
    // A user that may hear only its own group's beats is told so, and hears those: before anybody is asked to say something.
    hear(ALL_BEATS, () => hear(nameBeats(self.group)))
    await engine.flush()
    this.#ends.push(
      engine.follow((isUp) => {
        if (!isUp) return
        this.#book.excuse()
        this.#greet()
      }),
    )
    this.#timer = setInterval(() => this.#say('beat'), BEAT_MS).unref()
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

  forget(): Promise<void> {
    return Promise.resolve()
  }

  stop(): Promise<void> {
    clearInterval(this.#timer)
    for (const end of this.#ends) end()
    this.#ends = []
    if (this.#self !== undefined) this.#say('goodbye')
    return Promise.resolve()
  }

  patienceWith(): Patience {
    return PATIENCE
  }

  #greet(): void {
    this.#say('hello')
    this.#greetedAtMs = performance.now()
  }

  #say(kind: BeatKind): void {
    const self = this.#self
    if (self === undefined) return
    this.#findEngine().publish(nameBeats(self.group), `{"kind":"${kind}","peer":${printIdentity(self)}}`)
  }

  #receive(data: Uint8Array): void {
    const { kind, peer: said } = readRecord(data) ?? {}
    const peer = readPeer(said)
    if (peer === undefined || peer.id === this.#self?.id) return
    if (kind === 'goodbye') {
      this.#book.forget(peer.id)
      this.#claims?.remove(peer.id, this)
      return
    }
    this.#heardAtMs = performance.now()
    this.#book.hear(peer)
    this.#claims?.answered(peer, performance.now(), this)
    if (kind === 'hello') this.#say('beat')
  }
}

/** Undefined too for one that speaks no version that is spoken here: it is left out. */
function readPeer(said: unknown): RemotePeer | undefined {
  try {
    return readIdentity(said)
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
}
