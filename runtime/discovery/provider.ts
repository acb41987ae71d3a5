import type { Address } from '../api/address.js'
import type { PeerChange } from '../api/peer.js'
import type { RemotePeer } from '../api/remote-peer.js'
import type { Patience } from './detector.js'

/** One way in which peers hear of each other. What it says is a claim: the table has every peer prove itself. */
export interface Provider {
  readonly name: 'local' | 'scan' | 'lan' | 'static' | 'memory' | 'beats' | 'engine'
  /**
   * How long whoever is at an address that it claims may take to prove itself, in milliseconds; nobody waits for that longer than for
   * a probe. Absent: as the table has it for strangers.
   */
  readonly askTimeoutMs?: number
  /**
   * Whether it hears peers by other ways than calls take, as by datagrams: who proves itself to it is let in once a connection to it was
   * taken, too. Absent: it does not.
   */
  readonly isConnectionless?: boolean
  /** Makes this peer known, and from now on may tell `claims` what it hears. Rejects where it cannot. */
  start(self: RemotePeer, claims: Claims): Promise<void>
  /** Looks now; resolves when all that it found has been claimed. A stopped one claims what it still finds, or nothing. */
  refresh(): Promise<void>
  /**
   * Tells at once what it hears, until the answer is called: somebody follows the peers. Its timers and sockets keep no process
   * alive. Absent: it has nothing to do for that.
   */
  watch?(): () => void
  /** Whether it asks a peer that was in the table as soon as somebody follows, so that nobody else has to. Absent: never. */
  asksAgain?(peer: RemotePeer): boolean
  /** What has become of a peer of the table, whoever claimed it. */
  notice?(change: PeerChange): void
  /** A peer that it claimed is certainly gone from where it was claimed to be. Absent: it keeps nothing of that. */
  forget?(peer: RemotePeer): Promise<void>
  /** Takes this peer back (goodbye), and ends everything of its own. Does nothing where it was not started. Absent: there is nothing. */
  stop?(): Promise<void>
  /** How patient to be with the silence of a peer that it claims. */
  patienceWith(peer: RemotePeer): Patience
}

/** Where providers tell what they hear. Nothing of it is believed before the peer has proved itself. */
export interface Claims {
  /**
   * A peer as it is said to be, or only an address where one may be: whoever is there is asked. Where it has to be asked for this
   * claim, the answer resolves when that is over.
   */
  add(claim: RemotePeer | Address, provider: Provider): Promise<void> | undefined
  /** A peer proved itself to the provider: it answered, as only it can, what it was asked at this time (`performance.now()`). */
  answered(peer: RemotePeer, askedAtMs: number, provider: Provider): void
  /** A peer has ended: it said goodbye, through something that only it or its user could have said, or its process is no more. */
  remove(id: string, provider: Provider): void
}
