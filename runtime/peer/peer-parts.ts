import type { Provider } from '../discovery/provider.js'
import type { EventLog } from '../transport/event-log.js'
import type { Transport } from '../transport/transport.js'

/** What a peer is made of, besides its settings. */
export interface PeerParts {
  readonly id: string
  readonly transport: Transport
  /** What carries this peer's own calls. Default: the transport. */
  readonly carrier?: Pick<Transport, 'call' | 'callAtOnce' | 'stream'>
  /** The ways in which it is found, and finds others. */
  readonly providers: readonly Provider[]
  /** The ports that it takes the first free one of. Default: none. */
  readonly ports?: readonly number[]
  /** What keeps durable events. Default: nothing, and schemas that have any are refused. */
  readonly eventLog?: EventLog
}
