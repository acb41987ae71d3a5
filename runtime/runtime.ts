/// <reference types="node" preserve="true" />
/** What a running application imports: the entry `netgen/runtime`. */
export {
  INVALID_CONNECTION,
  type NetgenHandlers,
  type NetgenStub,
  NULL,
  netgen,
} from '../schemas/generated/netgen.js'
export { type AnyFilter, type AnyPeer, any, type Serving } from './api/any-peer.js'
export type {
  Call,
  CallAllOptions,
  CallOptions,
  CallQuorumOptions,
  CallTarget,
  CallWithoutInput,
  PeerResult,
  PeerTarget,
  PeerValue,
} from './api/call.js'
export type { Context } from './api/context.js'
export { type ContextKey, ContextValues, createContextKey } from './api/context-values.js'
export type { ConnectionDescriptor, Descriptor, EventDelivery, EventDescriptor, Payload } from './api/descriptor.js'
export type {
  DeadLetter,
  DurableDelivered,
  DurableDelivery,
  DurableEventHandler,
  DurableEventStub,
  DurableStart,
  DurableSubscribeOptions,
  DurableSubscription,
  EmitOptions,
  StoredEvent,
} from './api/durable-event.js'
export type { DisclosureRule, DisclosureSubject, ErrorCaller, LeavingError, MapError } from './api/error-options.js'
export type {
  Delivered,
  Delivery,
  DeliveryFailure,
  Emission,
  EmissionResult,
  EventHandler,
  EventStub,
  Gap,
  SubscribeOptions,
  Subscription,
} from './api/event.js'
export type { FlagDescriptor, FlaggedCall, FlagHandler } from './api/flag.js'
export type {
  Answer,
  IncomingCall,
  InterceptedCall,
  Interceptor,
  Interceptors,
  Next,
  NextChanges,
  OutgoingCall,
} from './api/interceptor.js'
export type { LogFields, Logger, LogLevel } from './api/logger.js'
export type {
  CloseOptions,
  Peer,
  PeerChange,
  PeerChanges,
  PeerDescription,
  PeerFilter,
  Ping,
  PingOptions,
  WatchFilter,
  WatchOptions,
} from './api/peer.js'
export type { RemotePeer } from './api/remote-peer.js'
export type {
  InputStreamCall,
  ItemStream,
  Items,
  StreamCall,
  StreamCallWithoutInput,
  TwoWayStreamCall,
} from './api/stream-call.js'
export type { ErrorCode } from './errors/codes.js'
export { DeclaredError, type DeclaredErrorOptions } from './errors/declared-error.js'
export type { Disclosure } from './errors/disclosure.js'
export { FlagError } from './errors/flag-error.js'
export { NetgenError, type NetgenErrorOptions } from './errors/netgen-error.js'
export type { Frame, Hop, Remote } from './errors/remote.js'
export { type Skew, SkewError } from './errors/skew-error.js'
export { type AuthorizeOptions, authorize } from './peer/authorize.js'
export { createPeer } from './peer/create-peer.js'
export type { DurableStoreOptions } from './peer/durable-options.js'
export { decodePeerId, encodePeerId, type PeerPlace } from './peer/peer-id.js'
export type { PeerOptions } from './peer/peer-options.js'
export { type FormatOptions, formatTraceback } from './traceback/format-traceback.js'
export type { TlsOptions } from './transport/http/tls.js'
export type { Metadata } from './wire/metadata.js'
export { decodeTag, encodeTag } from './wire/tag.js'
