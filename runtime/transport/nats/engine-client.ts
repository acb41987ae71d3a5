import type { Engine } from './engine.js'
import type { MsgHdrs, NatsConnection } from './load-nats.js'

/** An engine together with the client of NATS below it, for what JetStream needs besides. */
export interface EngineClient {
  readonly engine: Engine
  readonly connection: NatsConnection
  createHeaders(): MsgHdrs
  /** A subject of its own, for answers. */
  createInbox(): string
}
