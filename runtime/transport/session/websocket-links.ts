import type { Address } from '../../api/address.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { MAX_SESSIONS } from '../../wire/limits.js'
import type { PassedUpgrade } from '../http/http-server.js'
import type { HttpTransport } from '../http/http-transport.js'
import { explainFailure } from '../http/request-failure.js'
import type { Answerer, Identity } from '../transport.js'
import type { Link } from './link.js'
import type { DialledLink, Links } from './links.js'
import { dialLink, LinkAcceptor } from './websocket-link.js'

/** Links over WebSockets, whose peers HTTP finds and proves. */
export class WebSocketLinks implements Links {
  readonly #http: HttpTransport
  readonly #maxLinks: number
  readonly #acceptor = new LinkAcceptor()

  /** `maxLinks`: how many are accepted; those that are dialled here do not count. */
  constructor(http: HttpTransport, maxLinks: number = MAX_SESSIONS) {
    this.#http = http
    this.#maxLinks = maxLinks
  }

  listen(identity: Identity, answerer: Answerer, onLink: (link: Link) => void): Promise<Address> {
    return this.#http.listen(identity, answerer, (upgrade) => this.#accept(upgrade, identity.id, onLink))
  }

  identify(address: Address, timeoutMs: number): Promise<RemotePeer> {
    return this.#http.identify(address, timeoutMs)
  }

  async dial(target: RemotePeer, timeoutMs: number, signal: AbortSignal): Promise<DialledLink> {
    const peer = await this.#http.prove(target, timeoutMs)
    try {
      const link = await dialLink(peer, this.#http.createCredentials(peer), timeoutMs, signal, this.#http.tls)
      return { link, peer }
    } catch (error) {
      throw explainFailure(error, peer, false)
    }
  }

  abandon(peer: RemotePeer): void {
    this.#http.abandon(peer)
  }

  leave(): void {
    this.#http.leave()
  }

  close(isDrained: boolean): Promise<void> {
    return this.#http.close(isDrained)
  }

  #accept(
    { request, socket, head, headers, refuse }: PassedUpgrade,
    selfId: string,
    onLink: (link: Link) => void,
  ): void {
    if (headers.get('netgen-target') !== selfId) {
      refuse({ status: 503, code: 'unavailable', message: `this is ${selfId}, and not the peer that is meant` })
      return
    }
    if (this.#acceptor.openLinks >= this.#maxLinks) {
      const message = `${this.#maxLinks} sessions are open, which is its limit`
      refuse({ status: 429, code: 'resource_exhausted', message })
      return
    }
    this.#acceptor.accept(request, socket, head, onLink)
  }
}
