/** An engine that needs more than a URL: the entry `netgen/nats`. Peers whose engine is a URL load it by themselves. */
export type { EngineAccess } from './api/engine-access.js'
export { nats } from './transport/nats/nats-access.js'
export type { NatsOptions, NatsTlsOptions } from './transport/nats/nats-options.js'
