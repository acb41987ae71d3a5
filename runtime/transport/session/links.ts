import type { Address } from '../../api/address.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import type { Answerer, Identity } from '../transport.js'
import type { Link } from './link.js'

/** A link that was dialled, and the peer that is behind it. */
export interface DialledLink {
  readonly link: Link
  readonly peer: RemotePeer
}

/** Opens the links of one peer: those that it dials, and those that others dial to it. */
export interface Links {
  /** As `Transport.engine`. */
  readonly state?: string | undefined
  /** Begins to accept links. Rejects with `unavailable` where nobody could reach this peer. */
  listen(identity: Identity, answerer: Answerer, onLink: (link: Link) => void): Promise<Address>
  /** As `Transport.identify`. */
  identify(address: Address | RemotePeer, timeoutMs: number): Promise<RemotePeer>
  /**
   * Opens a link to a peer that has proved to be the one that is meant. Rejects with a refusal where that cannot be, and soon where the
   * signal fires.
   */
  dial(peer: RemotePeer, timeoutMs: number, signal: AbortSignal): Promise<DialledLink>
  /** As `Transport.abandon`, for what is open besides the links. */
  abandon?(peer: RemotePeer): void
  /** Accepts nobody any more. */
  leave(): void
  /** Ends what is below the links, when they have ended. Where `isDrained`, all answers were given. */
  close(isDrained: boolean): Promise<void>
}
