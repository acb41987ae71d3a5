import { parseAddress, printAddress } from '../api/address.js'
import type { RemotePeer } from '../api/remote-peer.js'

/** What an app-net peer's id says: where it is, and of which group. It is no identity, as another peer may be there later. */
export type PeerPlace = Pick<RemotePeer, 'host' | 'port' | 'group'>

/** The id that app-net gives a peer: base64 of `host:port -> group` in UTF-8. */
export function encodePeerId(place: PeerPlace): string {
  return Buffer.from(`${printAddress(place)} -> ${place.group}`).toString('base64')
}

/** Reads such an id; undefined where the text is none. */
export function decodePeerId(text: string): PeerPlace | undefined {
  // Node passes over what is no base64.
  const bytes = Buffer.from(text, 'base64')
  const [, address = '', group] = /^(\S+) -> (.+)$/s.exec(bytes.toString()) ?? []
  const place = parseAddress(address)
  if (place === undefined || group === undefined) return undefined
  return encodePeerId({ ...place, group }) === text ? { ...place, group } : undefined
}
