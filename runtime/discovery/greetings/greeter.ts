import type { Address } from '../../api/address.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { OWN_VERSIONS } from '../../transport/protocol-versions.js'
import { PROTOCOL_VERSION } from '../../version.js'
import { isOnLink, type LanInterface } from '../lan/interfaces.js'
import { AnswerBudget } from './answer-budget.js'
import { Challenges } from './challenges.js'
import { type Greeting, type Introduction, isGreeting, openGreeting, type Sealer, sealGreeting } from './greeting.js'
import { OwnLinks } from './own-links.js'

/** How to make a {@link Greeter}. */
export interface GreeterOptions {
  readonly sealer: Sealer
  /** Where connections are listened for, once they are: greetings go over the same port of UDP. */
  readonly findBound: () => Address | undefined
}

/** What a greeter speaks through. */
export interface Voice {
  readonly self: RemotePeer
  readonly send: (datagram: Buffer, to: Address) => void
  /** A peer proved itself, by answering what it was asked at a time (`performance.now()`). */
  readonly onProven: (peer: RemotePeer, askedAtMs: number) => void
}

/**
 * Has two peers of one link prove to each other, in three datagrams, that they know the secret: the one that asks is known to the other
 * as well. A proof is bound to a challenge of the other side's, which went to the address that the proof names, and a hello to both
 * addresses, as either side has its own: so a peer is known at no address but its own, whoever passes on what it said. From which address
 * a datagram comes is not looked at: a machine with two interfaces in one network sends from either. Whoever does not answer is asked in
 * another way.
 */
export class Greeter {
  /** Resolves when greetings can be answered, or it is known that they cannot. */
  readonly ready: Promise<void>
  readonly #options: GreeterOptions
  readonly #challenges = new Challenges()
  readonly #budget = new AnswerBudget()
  readonly #links = new OwnLinks()
  #onReady: () => void = () => {}
  #voice: Voice | undefined

  constructor(options: GreeterOptions) {
    this.#options = options
    this.ready = new Promise((resolve) => {
      this.#onReady = resolve
    })
  }

  /** From now on it speaks, and answers; with no voice it never will. */
  open(voice: Voice | undefined): void {
    this.#voice = voice
    this.#onReady()
  }

  /** Says nothing any more. */
  close(): void {
    this.#voice = undefined
    this.#onReady()
  }

  /** Asks whoever is at an address. False where it cannot, as on another network. */
  greet(to: Address): boolean {
    const from = this.#findOwn((link) => isOnLink(to.host, link))
    if (from === undefined) return false
    return this.#say({ kind: 'hello', from, to, challenge: this.#challenges.create(to, performance.now()) }, to)
  }

  /** Takes a datagram; false where it is not meant to be a greeting. */
  receive(datagram: Buffer): boolean {
    if (!isGreeting(datagram)) return false
    const opened = openGreeting(datagram, this.#options.sealer)
    if (opened === undefined || opened.senderId === this.#voice?.self.id) return true
    const { senderId, greeting } = opened
    if (greeting.kind === 'hello') this.#answer(greeting)
    else this.#accept(greeting, senderId)
    return true
  }

  #answer({ from, to, challenge: echo }: Greeting & { kind: 'hello' }): void {
    // Nobody has a peer prove itself for another address than its own.
    const own = this.#findOwn((link) => link.address === to.host && isOnLink(from.host, link))
    const nowMs = performance.now()
    if (own === undefined || own.port !== to.port || !this.#budget.take(from, nowMs)) return
    const challenge = this.#challenges.create(from, nowMs)
    this.#say({ kind: 'answer', from: own, echo, challenge, ...this.#introduce() }, from)
  }

  #accept(greeting: Greeting & { kind: 'answer' | 'confirm' }, id: string): void {
    const { kind, from, echo, group, hub, versions } = greeting
    const askedAtMs = this.#challenges.findMadeAtMs(echo, from, performance.now())
    // Who speaks another version is asked over HTTP, and says so there.
    if (askedAtMs === undefined || !versions.protocol.includes(PROTOCOL_VERSION)) return
    const own = kind === 'answer' ? this.#findOwn((link) => isOnLink(from.host, link)) : undefined
    if (kind === 'answer' && own !== undefined) {
      this.#say({ kind: 'confirm', from: own, echo: greeting.challenge, ...this.#introduce() }, from)
    }
    this.#voice?.onProven(Object.freeze({ id, host: from.host, port: from.port, group, hub }), askedAtMs)
  }

  #introduce(): Introduction {
    const { group = '', hub = false } = this.#voice?.self ?? {}
    return { group, hub, versions: OWN_VERSIONS }
  }

  /** This peer's own address on the first of its links that fits. */
  #findOwn(fits: (link: LanInterface) => boolean): Address | undefined {
    const bound = this.#options.findBound()
    const link = bound && this.#links.find(bound.host, fits)
    return link && { host: link.address, port: bound.port }
  }

  #say(greeting: Greeting, to: Address): boolean {
    const voice = this.#voice
    const datagram = voice && sealGreeting(greeting, voice.self.id, this.#options.sealer)
    if (datagram === undefined) return false
    voice?.send(datagram, to)
    return true
  }
}
