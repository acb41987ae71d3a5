import type { EngineAccess } from '../../api/engine-access.js'
import { NatsAccess } from './nats-access.js'
import { type NatsOptions, readNatsOptions } from './nats-options.js'

/**
 * Says how an engine of NATS is reached, and as whom, for `createPeer({ engine: nats({ … }) })`. Nothing is connected, and no file read,
 * before that peer listens.
 *
 * Throws `invalid_argument` for an unknown option, a value that it does not take, and two ways to log in.
 */
export function nats(options: NatsOptions): EngineAccess {
  return new NatsAccess(readNatsOptions(options))
}
