import type { Address } from '../../../runtime/api/address.js'
import type { PeerChange } from '../../../runtime/api/peer.js'
import type { RemotePeer } from '../../../runtime/api/remote-peer.js'
import { PATIENCE_THERE, type Patience } from '../../../runtime/discovery/detector.js'
import type { Claims, Provider } from '../../../runtime/discovery/provider.js'

/** A peer on this machine. */
export function createPeer(id: string, parts: Partial<RemotePeer> = {}): RemotePeer {
  return { id, host: '127.0.0.1', port: 3010, group: 'notes', hub: false, ...parts }
}

/** A provider that claims what a test tells it to, whenever it is asked to look. */
export class FakeProvider implements Provider {
  readonly name: Provider['name']
  readonly forgotten: string[] = []
  patience: Patience = PATIENCE_THERE
  isConnectionless = false
  claimed: (RemotePeer | Address)[] = []
  /** Where set, looking fails with it. */
  failure: Error | undefined
  isWatching = false
  readonly noticed: string[] = []
  /** Whether it asks those again who were in the table. */
  isAsking = false
  #claims: Claims | undefined

  constructor(name: Provider['name'] = 'static') {
    this.name = name
  }

  async start(_: RemotePeer, claims: Claims): Promise<void> {
    this.#claims = claims
  }

  async refresh(): Promise<void> {
    if (this.failure !== undefined) throw this.failure
    for (const claim of this.claimed) this.add(claim)
  }

  asksAgain(): boolean {
    return this.isAsking
  }

  watch(): () => void {
    this.isWatching = true
    return () => {
      this.isWatching = false
    }
  }

  notice({ type, peer }: PeerChange): void {
    this.noticed.push(`${type} ${peer.id}`)
  }

  async forget({ id }: RemotePeer): Promise<void> {
    this.forgotten.push(id)
  }

  async stop(): Promise<void> {}

  patienceWith(): Patience {
    return this.patience
  }

  /** Claims something now. */
  add(claim: RemotePeer | Address): void {
    this.#claims?.add(claim, this)
  }

  /** Says that a peer has answered what it was asked at a time. */
  answer(peer: RemotePeer, askedAtMs: number): void {
    this.#claims?.answered(peer, askedAtMs, this)
  }

  /** Says that a peer has just answered, as only it can. */
  hear(peer: RemotePeer): void {
    this.#claims?.answered(peer, performance.now(), this)
  }

  /** Says that a peer has left. */
  remove(id: string): void {
    this.#claims?.remove(id, this)
  }
}
