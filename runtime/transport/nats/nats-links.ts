import { hostname } from 'node:os'
import { type Address, isLoopback, printAddress } from '../../api/address.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { printValue } from '../../errors/print-value.js'
import { isGone, isRefusal, refuse, refuseGone } from '../../errors/refuse.js'
import { MAX_SESSIONS } from '../../wire/limits.js'
import type { HttpTransport } from '../http/http-transport.js'
import type { Link } from '../session/link.js'
import type { DialledLink, Links } from '../session/links.js'
import type { Answerer, Identity } from '../transport.js'
import type { Engine, EngineAnswer, EngineMessage } from './engine.js'
import { printIdentity, readIdentity, readRecord } from './identity-record.js'
import { NatsLink } from './nats-link.js'
import type { PeerBook } from './peer-book.js'
import { isLink, nameAddress, nameLink, namePeer } from './subjects.js'

/** Links over NATS. HTTP listens besides, for whoever is no peer: curl, and checks of health. */
export class NatsLinks implements Links {
  readonly #engine: Engine
  readonly #http: HttpTransport
  readonly #book: PeerBook
  readonly #ends: (() => void)[] = []
  readonly #accepted = new Set<Link>()
  #self: RemotePeer | undefined
  #lastLink = 0

  constructor(engine: Engine, http: HttpTransport, book: PeerBook) {
    this.#engine = engine
    this.#book = book
    this.#http = http
  }

  async listen(identity: Identity, answerer: Answerer, onLink: (link: Link) => void): Promise<Address> {
    const address = nameHost(await this.#http.listen(identity, answerer))
    const { id, group, hub } = identity
    const self = Object.freeze({ id, group, hub, ...address })
    this.#self = self
    const sayWho = ({ reply }: EngineMessage): void => {
      if (reply !== undefined) this.#engine.publish(reply, printIdentity(self))
    }
    this.#ends.push(
      this.#engine.subscribe(namePeer(self, 'who'), sayWho),
      this.#engine.subscribe(nameAddress(group, address), sayWho),
      this.#engine.subscribe(namePeer(self, 'link'), (message) => this.#accept(message, self, onLink)),
    )
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

  async dial(peer: RemotePeer, timeoutMs: number): Promise<DialledLink> {
    const self = this.#self
    if (self === undefined) throw refuse('internal', 'a link needs a peer that listens')
    const here = this.#nameNext(self)
    // Before it is asked for: the other end may be the first to speak.
    const link = new NatsLink(this.#engine, here)
    try {
      link.aim(await this.#askForLink(peer, here, timeoutMs))
      return { link, peer }
    } catch (error) {
      link.terminate()
      throw error
    }
  }

  leave(): void {
    for (const end of this.#ends) end()
    this.#http.leave()
  }

  async close(isDrained: boolean): Promise<void> {
    this.leave()
    await Promise.all([this.#engine.close(), this.#http.close(isDrained)])
  }

  #accept({ data, reply }: EngineMessage, self: RemotePeer, onLink: (link: Link) => void): void {
    const { link: there } = readRecord(data) ?? {}
    if (reply === undefined || !isLink(there)) return
    if (this.#accepted.size >= MAX_SESSIONS) {
      this.#engine.publish(reply, JSON.stringify({ error: `${MAX_SESSIONS} sessions are open, which is its limit` }))
      return
    }
    const here = this.#nameNext(self)
    const link: NatsLink = new NatsLink(this.#engine, here, () => this.#accepted.delete(link))
    link.aim(there)
    this.#accepted.add(link)
    this.#engine.publish(reply, JSON.stringify({ link: here }))
    onLink(link)
  }

  #nameNext(self: RemotePeer): string {
    return nameLink(self, String(++this.#lastLink))
  }

  async #askForLink(peer: RemotePeer, here: string, timeoutMs: number): Promise<string> {
    const answer = await this.#askPeer(peer, JSON.stringify({ link: here }), timeoutMs)
    const { link: there, error } = readRecord(answer) ?? {}
    if (isLink(there)) return there
    const reason = typeof error === 'string' ? error : 'its answer is none'
    throw refuse('resource_exhausted', `${printAddress(peer)} takes no session: ${printValue(reason)}`)
  }

  async #askPeer(peer: RemotePeer, text: string, timeoutMs: number): Promise<Uint8Array> {
    try {
      return await this.#ask(peer, namePeer(peer, 'link'), text, timeoutMs)
    } catch (error) {
      if (!isRefusal(error) || !isGone(error)) throw error
      const at = printAddress(peer)
      if (this.#book.mayReturn(peer.id))
        throw refuse('unavailable', `${at} has lost the engine: the handler has not run`)
      // Its machine may have started another one since.
      const other = this.#book.findAt(peer)
      if (other === undefined || other.id === peer.id) throw error
      throw refuseGone(`peer ${peer.id} is gone: at ${at} is ${other.id} now`)
    }
  }

  async #ask(peer: Address, subject: string, text: string, timeoutMs: number): Promise<Uint8Array> {
    const answer: EngineAnswer = await this.#engine.request(subject, text, timeoutMs)
    const at = printAddress(peer)
    switch (answer) {
      case 'nobody':
        throw refuseGone(`no peer listens at ${at}: it has ended, or never ran there`)
      case 'late':
        throw refuse('deadline_exceeded', `${at} did not answer within ${Math.ceil(timeoutMs)} ms`)
      case 'down':
        throw refuse('unavailable', `${at} cannot be reached: the engine is down${explainSince(this.#engine)}`)
      default:
        return answer
    }
  }
}

/** This machine's name, where others could do nothing with the address of the socket. */
function nameHost({ host, port }: Address): Address {
  return { host: isLoopback(host) ? hostname().toLowerCase() : host, port }
}

function explainSince({ downSinceMs }: Engine): string {
  return downSinceMs === undefined ? '' : ` since ${new Date(downSinceMs).toISOString()}`
}
