import type { Peer } from '../api/peer.js'

export function connectBuiltins(_peer: Peer): void {}
