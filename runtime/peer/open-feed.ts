import type { RemotePeer } from '../api/remote-peer.js'
import { CallScope } from '../call/scope/call-scope.js'
import type { Deadlines } from '../call/scope/deadlines.js'
import type { Transport } from '../transport/transport.js'
import type { Feed, FeedListener } from '../wire/events.js'

/** How long opening a session may take for a subscription, in milliseconds: it is tried again. */
const OPEN_FEED_MS = 5_000

/** Opens the way from a peer that emits an event to the listener. Rejects where there is none in time. */
export async function openFeed(
  transport: Transport,
  deadlines: Deadlines,
  peer: RemotePeer,
  tag: string,
  listener: FeedListener,
): Promise<Feed> {
  const scope = new CallScope(deadlines, tag, OPEN_FEED_MS)
  try {
    return await transport.subscribe(peer, tag, listener, scope)
  } finally {
    scope.finish()
  }
}
