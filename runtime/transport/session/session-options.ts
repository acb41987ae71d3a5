import type { RemotePeer } from '../../api/remote-peer.js'
import type { PublishedEvents } from '../../wire/events.js'
import type { Answerer } from '../transport.js'
import type { Hello } from './hello.js'
import type { Link } from './link.js'
import type { Turns } from './turns.js'

/** How to make a session. */
export interface SessionOptions {
  readonly link: Link
  /** Who dialled numbers its calls 1, 3, 5, …; the other 2, 4, 6, …. */
  readonly role: 'dialer' | 'acceptor'
  /** What it says first. */
  readonly hello: Hello
  readonly answerer: Omit<Answerer, 'followServed'>
  /** The events of this side. */
  readonly events: PublishedEvents
  /** Those of all sessions of a peer. */
  readonly turns: Turns
  /** Whom it was dialled to; absent where the other side dialled. */
  readonly dialled?: RemotePeer
  /** The other side has said who it is. */
  readonly onOpen: (peer: RemotePeer) => void
  /** An answer came that nobody waits for any more; it is dropped. Absent: nobody counts them. */
  readonly onLateAnswer?: () => void
  /** The session takes no new calls: it is leaving, and the second time its link is closed. */
  readonly onEnd: () => void
}
