/// <reference types="node" preserve="true" />
/** What tests of an application import: the entry `netgen/testing`. */
export { createFakePeer, type FakeCall, type FakeCalls, type FakePeer, type FakePeerOptions } from './peer/fake-peer.js'
export {
  createMemoryNetwork,
  type MemoryNetwork,
  type MemoryPeerOptions,
  type NetworkMember,
} from './peer/memory-network.js'
export type { MemoryNetworkOptions } from './peer/memory-network-options.js'
