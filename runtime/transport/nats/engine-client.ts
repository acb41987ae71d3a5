import type { Engine } from './engine.js'
import type { Heard } from './heard-subjects.js'
import type { Msg, MsgHdrs, NatsConnection } from './load-nats.js'

/** An engine together with the client of NATS below it, for what JetStream needs besides. */
export interface EngineClient {
  readonly engine: Engine
  readonly connection: NatsConnection
  createHeaders(): MsgHdrs
  /** A subject of its own, for answers. */
  createInbox(): string
  /** Hears a subject until it is ended, also again where the server has not permitted it for some time. */
  hear(subject: string, onMessage: (message: Msg) => void): Heard
}
