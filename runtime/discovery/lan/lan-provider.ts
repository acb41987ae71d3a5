import type { Address } from '../../api/address.js'
import type { Logger } from '../../api/logger.js'
import type { PeerChange } from '../../api/peer.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { PATIENCE_THERE, type Patience } from '../detector.js'
import type { Greeter } from '../greetings/greeter.js'
import type { Claims, Provider } from '../provider.js'
import { isEarlyRound, pickAskDelayMs, pickMs } from './ask-schedule.js'
import { hintAlone } from './hint-alone.js'
import { Hints } from './hints.js'
import { isOnLink, type LanInterface, listInterfaces } from './interfaces.js'
import type { Multicast, OpenMulticast } from './multicast.js'
import { isKnown, isQuestion, readAnnouncements, SERVICE, writeAnnouncement, writeKnown } from './service-records.js'

/** How often what is due is claimed while somebody follows the peers, in milliseconds. */
const CLAIM_INTERVAL_MS = 250

/** How often this machine's interfaces are looked at, in milliseconds: one that comes later is used too. */
const LOOK_INTERVAL_MS = 500

/** Who heard somebody else ask, not longer ago than this, in milliseconds, heard the answers too (RFC 6762, section 7.3). */
const ASKED_MS = 30_000

/** How long an answer waits for others that ask at the same time, in milliseconds, at random (RFC 6762, section 6). */
const ANSWER_DELAY_MS = { min: 10, max: 60 }

/** The least between two answers, in milliseconds: each is heard by all. */
const ANSWER_INTERVAL_MS = 400

/** For how long a look waits for the first answers, in milliseconds, after the interfaces are there. */
const FIRST_LOOK_MS = 250

/** For how long a look goes on to claim what is due, in milliseconds: most of a flood's addresses answer slowly, or never. */
const CLAIM_MS = 1_000

/**
 * How long whoever announced itself may take to prove that, in milliseconds. Where thirty peers that encrypt start at once on two cores
 * each takes up to 4 s: to give up before, and to ask again, takes what they lack, and made it 7 s.
 */
const ASK_TIMEOUT_MS = 5_000

/** How to make a {@link LanProvider}. */
export interface LanProviderOptions {
  readonly open: OpenMulticast
  /** What names the key without telling it: peers with another one are not asked. */
  readonly fingerprint: string
  /** Where connections are listened for, once they are. */
  readonly findBound: () => Address | undefined
  /** Asks whoever is at an announced address by datagrams first. Absent: everybody is asked as the table does. */
  readonly greeter?: Pick<Greeter, 'ready' | 'greet'> | undefined
  /** At how many announced addresses whoever is there is asked at once. */
  readonly width: number
  readonly logger: Logger
}

/** Multicast DNS on one interface, and what is under way there. */
interface Joined {
  readonly network: LanInterface
  readonly multicast: Multicast
  askTimer: NodeJS.Timeout | undefined
  answerTimer: NodeJS.Timeout | undefined
  /** When anybody asked last, and when this peer answered. */
  askedAtMs: number
  answeredAtMs: number
}

/** A time that somebody waits. */
interface Pause {
  readonly over: Promise<void>
  readonly end: () => void
}

/**
 * The peers of the local network, by DNS-SD over multicast DNS (RFC 6762, RFC 6763). What comes is anybody's, and only a hint: it
 * claims an address, in the network of the interface on which it came, and whoever listens there has to prove itself. A goodbye
 * that way is nobody's in particular, and changes nothing.
 */
export class LanProvider implements Provider {
  readonly name = 'lan'
  readonly askTimeoutMs: number = ASK_TIMEOUT_MS
  readonly #options: LanProviderOptions
  readonly #joined = new Map<string, Joined>()
  /** Interfaces that failed, and what was said of them. */
  readonly #failed = new Set<string>()
  readonly #hints = new Hints()
  /** Claims for which somebody is being asked. */
  readonly #asking = new Set<Promise<void>>()
  readonly #stopped = new AbortController()
  #self: RemotePeer | undefined
  #claims: Claims | undefined
  #lookTimer: NodeJS.Timeout | undefined
  #endHint: () => void = () => {}
  #looking: Promise<void> | undefined
  #startedAtMs = Number.NEGATIVE_INFINITY

  constructor(options: LanProviderOptions) {
    this.#options = options
  }

  async start(self: RemotePeer, claims: Claims): Promise<void> {
    this.#self = self
    this.#claims = claims
    if (this.#isStopped) return
    const { greeter, logger } = this.#options
    // Before anybody can be found, which ends it.
    this.#endHint = hintAlone(logger, () => [...this.#joined.values()].map(({ network }) => network))
    // Whoever hears of this peer greets it at once.
    if (greeter !== undefined) await greeter.ready
    await this.#look()
    if (this.#isStopped) return
    this.#startedAtMs = performance.now()
    this.#lookTimer = setInterval(() => void this.#look(), LOOK_INTERVAL_MS).unref()
  }

  async refresh(): Promise<void> {
    await this.#pause(this.#startedAtMs + FIRST_LOOK_MS - performance.now()).over
    const look = this.#pause(CLAIM_MS)
    let isOver = this.#isStopped
    void look.over.then(() => {
      isOver = true
    })
    while (!isOver) {
      this.#claimDue()
      if (this.#asking.size < this.#options.width) break
      await Promise.race([...this.#asking, look.over])
    }
    look.end()
  }

  watch(): () => void {
    const timer = setInterval(() => this.#claimDue(), CLAIM_INTERVAL_MS).unref()
    return () => clearInterval(timer)
  }

  notice({ type, peer }: PeerChange): void {
    if (type === 'joined') this.#endHint()
    if (type === 'joined' || type === 'left') this.#hints.settle(peer.id, type === 'joined', performance.now())
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    clearInterval(this.#lookTimer)
    this.#endHint()
    await this.#looking
    await Promise.all([...this.#joined.values()].map((joined) => this.#leave(joined, true)))
  }

  patienceWith(): Patience {
    return PATIENCE_THERE
  }

  get #isStopped(): boolean {
    return this.#stopped.signal.aborted
  }

  /** No longer than until it is ended, or this is stopped. Only whoever waits keeps the process alive. */
  #pause(ms: number): Pause {
    const { signal } = this.#stopped
    if (ms <= 0 || signal.aborted) return { over: Promise.resolve(), end: () => {} }
    let end = (): void => {}
    const over = new Promise<void>((resolve) => {
      const timer = setTimeout(() => end(), ms)
      end = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        resolve()
      }
      signal.addEventListener('abort', end)
    })
    return { over, end }
  }

  /** Joins the interfaces that are new, and leaves those that are gone. */
  #look(): Promise<void> {
    this.#looking ??= this.#compare().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  async #compare(): Promise<void> {
    const bound = this.#options.findBound()
    if (bound === undefined || this.#isStopped) return
    const networks = new Map(
      listInterfaces(bound.host).map((network) => [`${network.name} ${network.address}`, network]),
    )
    for (const [key, joined] of this.#joined) if (!networks.has(key)) await this.#leave(joined, false)
    for (const key of this.#failed) if (!networks.has(key)) this.#failed.delete(key)
    for (const [key, network] of networks) {
      if (!this.#joined.has(key) && !this.#failed.has(key) && !this.#isStopped) await this.#join(key, network)
    }
  }

  async #join(key: string, network: LanInterface): Promise<void> {
    try {
      const multicast = await this.#options.open(network, {
        onQuestions: (questions, known, from) => {
          const isMeant = isOnLink(from, network) && isQuestion(questions) && !isKnown(this.#self?.id ?? '', known)
          if (isMeant) this.#answerSoon(key)
        },
        onRecords: (records, from) => {
          if (isOnLink(from, network)) this.#hear(records, network, from)
        },
      })
      const joined: Joined = {
        network,
        multicast,
        askTimer: undefined,
        answerTimer: undefined,
        askedAtMs: 0,
        answeredAtMs: 0,
      }
      this.#joined.set(key, joined)
      void this.#announce(joined)
      this.#ask(joined, 0)
    } catch (error) {
      this.#failed.add(key)
      const problem = 'peers cannot be found on an interface: UDP port 5353 is taken, or it takes no multicast'
      this.#options.logger.warn(problem, { ...network, error })
    }
  }

  async #leave(joined: Joined, isLeaving: boolean): Promise<void> {
    const { name, address } = joined.network
    this.#joined.delete(`${name} ${address}`)
    clearTimeout(joined.askTimer)
    clearTimeout(joined.answerTimer)
    if (isLeaving) await this.#announce(joined, true)
    await joined.multicast.close()
  }

  #ask(joined: Joined, round: number): void {
    const ask = (): void => {
      if (isEarlyRound(round) || performance.now() - joined.askedAtMs >= ASKED_MS) {
        joined.multicast.ask(SERVICE, writeKnown(this.#hints.listFresh(performance.now())))
      }
      this.#ask(joined, round + 1)
    }
    joined.askTimer = setTimeout(ask, pickAskDelayMs(round)).unref()
  }

  #answerSoon(key: string): void {
    const joined = this.#joined.get(key)
    if (joined === undefined) return
    joined.askedAtMs = performance.now()
    if (joined.answerTimer !== undefined) return
    const waitMs = Math.max(0, joined.answeredAtMs + ANSWER_INTERVAL_MS - performance.now())
    const answer = (): void => {
      joined.answerTimer = undefined
      void this.#announce(joined)
    }
    joined.answerTimer = setTimeout(answer, waitMs + pickMs(ANSWER_DELAY_MS)).unref()
  }

  async #announce(joined: Joined, isLeaving = false): Promise<void> {
    const { multicast, network } = joined
    joined.answeredAtMs = performance.now()
    const bound = this.#options.findBound()
    if (this.#self === undefined || bound === undefined) return
    const { id } = this.#self
    const { fingerprint } = this.#options
    const announced = { id, host: network.address, port: bound.port, fingerprint }
    await multicast.answer(writeAnnouncement(announced, isLeaving))
  }

  #hear(records: readonly unknown[], network: LanInterface, from: string): void {
    const nowMs = performance.now()
    const announcements = readAnnouncements(records).filter(
      ({ id, host, fingerprint }) =>
        fingerprint === this.#options.fingerprint && id !== this.#self?.id && isOnLink(host, network),
    )
    for (const announced of announcements) this.#hints.add(announced, from, nowMs)
    // A peer announces itself alone: no packet has more than one datagram sent.
    const [first] = announcements
    const { greeter } = this.#options
    if (first !== undefined && greeter !== undefined) {
      this.#hints.greet(first, from, nowMs, (to) => greeter.greet(to))
    }
    this.#claimDue()
  }

  #claimDue(): void {
    const room = this.#options.width - this.#asking.size
    for (const address of this.#hints.takeDue(performance.now(), room)) {
      const asked = this.#claims?.add(address, this)
      if (asked === undefined) continue
      const asking = asked.then(() => {
        this.#asking.delete(asking)
      })
      this.#asking.add(asking)
    }
  }
}
