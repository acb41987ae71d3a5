/** What tests of an application import: the entry `netgen/testing`. */
export { createMemoryNetwork, type MemoryNetwork, type MemoryPeerOptions } from './peer/memory-network.js'
