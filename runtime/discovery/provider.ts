import type { RemotePeer } from '../api/remote-peer.js'

/** One way in which peers hear of each other. What it says is a claim: the table has every peer prove itself. */
export interface Provider {
  /** Makes this peer known. Rejects where it cannot. */
  announce(self: RemotePeer): Promise<void>
  /** The others as they are claimed to be, in the order in which they started. */
  list(): Promise<RemotePeer[]>
  /** A peer that was claimed is certainly gone. */
  forget(peer: RemotePeer): Promise<void>
  /** Takes this peer back. Does nothing where it was not announced. */
  withdraw(): Promise<void>
}
