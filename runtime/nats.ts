/// <reference types="node" preserve="true" />
/** An engine that needs more than a URL: the entry `netgen/nats`. Peers whose engine is a URL load it by themselves. */
export type { EngineAccess } from './api/engine-access.js'
export type { EngineFindings, JetStreamFindings, MonitoringFindings } from './transport/nats/inspection/findings.js'
export { type InspectionOptions, inspectEngine } from './transport/nats/inspection/inspect-engine.js'
export { nats } from './transport/nats/nats.js'
export type { NatsOptions, NatsTlsOptions } from './transport/nats/nats-options.js'
export {
  listPermissions,
  type MissingPermission,
  type NatsPermissions,
  type PermissionOptions,
} from './transport/nats/permissions.js'
export { isOlderServer, OLDEST_DURABLE_SERVER } from './transport/nats/server-version.js'
