import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { type Address, isLoopback, printAddress } from '../../api/address.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { cleanLine } from '../../errors/clean-text.js'
import { isGone, isRefusal, refuse, refuseGone } from '../../errors/refuse.js'
import { MAX_SESSIONS } from '../../wire/limits.js'
import type { HttpTransport } from '../http/http-transport.js'
import type { Link } from '../session/link.js'
import type { DialledLink, Links } from '../session/links.js'
import type { Answerer, Identity } from '../transport.js'
import { explainNobody } from './calls/explain-loss.js'
import type { Engine, EngineAnswer, EngineMessage } from './engine.js'
import { hearAll } from './hear-all.js'
import { printIdentity, readIdentity, readRecord } from './identity-record.js'
import { NatsLink } from './nats-link.js'
import type { PeerBook } from './peer-book.js'
import { printSince } from './print-since.js'
import { isLink, nameAddress, nameLink, namePeer } from './subjects.js'

/** What a peer answers that has no room for one more. */
const FULL = `${MAX_SESSIONS} sessions are open, which is its limit`

/** Links over NATS. HTTP listens besides, for whoever is no peer: curl, and checks of health. */
export class NatsLinks implements Links {
  readonly #connect: () => Promise<Engine>
  readonly #http: HttpTransport
  readonly #book: PeerBook
  readonly #ends: (() => void)[] = []
  readonly #accepted = new Set<Link>()
  #connected: Engine | undefined
  #self: RemotePeer | undefined
  #isLeaving = false

  /** `connect` is called when the peer begins to listen. */
  constructor(connect: () => Promise<Engine>, http: HttpTransport, book: PeerBook) {
    this.#connect = connect
    this.#http = http
    this.#book = book
  }

  /** What carries the links. Throws before the peer listens. */
  get engine(): Engine {
    if (this.#connected === undefined) throw refuse('internal', 'links need a peer that listens')
    return this.#connected
  }

  get state(): string | undefined {
    if (this.#connected === undefined) return undefined
    const { downSinceMs, trouble } = this.#connected
    return downSinceMs === undefined ? (trouble ?? 'up') : `${trouble ?? 'down'}${printSince(this.#connected)}`
  }

  async listen(identity: Identity, answerer: Answerer, onLink: (link: Link) => void): Promise<Address> {
    const { id, group, hub } = identity
    const engine = await this.#connect()
    this.#connected = engine
    const address = nameHost(await this.#http.listen(identity, answerer))
    const self = Object.freeze({ id, group, hub, ...address })
    this.#self = self
    const sayWho = (message: EngineMessage): void => engine.answer(message, printIdentity(self))
    const ends = await hearAll(engine, [
      [namePeer(self, 'who'), sayWho],
      [nameAddress(group, address), sayWho],
      [namePeer(self, 'link'), (message) => this.#accept(message, self, onLink)],
    ])
    this.#ends.push(...ends)
    return address
  }

  async identify(at: Address | RemotePeer, timeoutMs: number): Promise<RemotePeer> {
    // Several machines may have one name: who is known by its id is asked by that.
    const meant = 'id' in at ? at : this.#book.findAt(at)
    const subject = meant === undefined ? nameAddress(this.#self?.group ?? '', at) : namePeer(meant, 'who')
    const answer = await this.#ask(at, subject, '', timeoutMs)
    const peer = readIdentity(readRecord(answer))
    if (peer !== undefined) return peer
    throw refuse('unauthenticated', `what answers for ${printAddress(at)} is no peer`)
  }

  async dial(peer: RemotePeer, timeoutMs: number, signal: AbortSignal): Promise<DialledLink> {
    const self = this.#self
    if (self === undefined) throw refuse('internal', 'a link needs a peer that listens')
    const here = this.#nameNext(self)
    // Before it is asked for: the other end may be the first to speak.
    const link = new NatsLink(this.engine, here)
    try {
      link.aim(await Promise.race([this.#askForLink(peer, here, timeoutMs), whenGivenUp(peer, signal)]))
      if (!link.isClosed) return { link, peer }
      throw refuse('unavailable', `the connection to ${printAddress(peer)} was lost: the handler has not run`)
    } catch (error) {
      link.terminate()
      throw error
    }
  }

  leave(): void {
    this.#isLeaving = true
    this.#http.leave()
  }

  async close(isDrained: boolean): Promise<void> {
    for (const end of this.#ends) end()
    await Promise.all([this.#connected?.close(), this.#http.close(isDrained)])
  }

  #accept(message: EngineMessage, self: RemotePeer, onLink: (link: Link) => void): void {
    const { link: there } = readRecord(message.data) ?? {}
    if (!isLink(there)) return
    const problem = this.#isLeaving ? 'it is closing' : this.#accepted.size >= MAX_SESSIONS ? FULL : undefined
    if (problem !== undefined) {
      this.engine.answer(message, JSON.stringify({ error: problem }))
      return
    }
    const here = this.#nameNext(self)
    const link: NatsLink = new NatsLink(this.engine, here, () => this.#accepted.delete(link))
    link.aim(there)
    this.#accepted.add(link)
    this.engine.answer(message, JSON.stringify({ link: here }))
    onLink(link)
  }

  /** Nobody who is not told can guess it: whoever may publish there could end the link, or speak in it. */
  #nameNext(self: RemotePeer): string {
    return nameLink(self, randomBytes(16).toString('hex'))
  }

  async #askForLink(peer: RemotePeer, here: string, timeoutMs: number): Promise<string> {
    const answer = await this.#askPeer(peer, JSON.stringify({ link: here }), timeoutMs)
    const { link: there, error } = readRecord(answer) ?? {}
    if (isLink(there)) return there
    const reason = typeof error === 'string' ? error : 'its answer is none'
    const code = reason === FULL ? 'resource_exhausted' : 'unavailable'
    throw refuse(code, `${printAddress(peer)} takes no session: ${cleanLine(reason)}`)
  }

  async #askPeer(peer: RemotePeer, text: string, timeoutMs: number): Promise<Uint8Array> {
    try {
      return await this.#ask(peer, namePeer(peer, 'link'), text, timeoutMs)
    } catch (error) {
      if (!isRefusal(error) || !isGone(error)) throw error
      throw explainNobody(peer, this.#book)
    }
  }

  async #ask(peer: Address, subject: string, text: string, timeoutMs: number): Promise<Uint8Array> {
    const answer: EngineAnswer = await this.engine.request(subject, text, timeoutMs)
    const at = printAddress(peer)
    switch (answer) {
      case 'nobody':
        throw refuseGone(`no peer listens at ${at}: it has ended, or never ran there`)
      case 'late':
        throw refuse('deadline_exceeded', `${at} did not answer within ${Math.ceil(timeoutMs)} ms`)
      case 'refused':
        throw refuse(
          'permission_denied',
          `the engine does not permit this peer to ask ${at}: permit ${subject} to its user`,
        )
      case 'down':
        throw refuse('unavailable', `${at} cannot be reached: the engine is down${printSince(this.engine)}`)
      default:
        return answer
    }
  }
}

/** This machine's name, where others could do nothing with the address of the socket. */
function nameHost({ host, port }: Address): Address {
  return { host: isLoopback(host) ? hostname().toLowerCase() : host, port }
}

/** Rejects when a signal fires. */
function whenGivenUp(peer: RemotePeer, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const giveUp = (): void =>
      reject(refuse('unavailable', `the connection to ${printAddress(peer)} was lost: the handler has not run`))
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp)
  })
}
