import type { Peer } from 'netgen/runtime'
import { LanProvider } from '../../../runtime/discovery/lan/lan-provider.js'
import { loadMulticast } from '../../../runtime/discovery/lan/multicast.js'

/** Ears for multicast DNS, and what they have heard. */
export interface LanEars {
  /** How many addresses were claimed of what was heard. */
  readonly claims: number
  close(): Promise<void>
}

/** What peers of the target's group announce. */
export const FINGERPRINT = '00112233445566aa'

/**
 * Listens for multicast DNS as a peer with `lan` does, but on loopback alone: such a peer would listen to the network, and hear what is
 * sent here only where all of it does.
 */
export async function listenToLan({ id, group, hub, port }: Peer): Promise<LanEars> {
  let claims = 0
  const address = { host: '127.0.0.1', port }
  const quiet = { debug() {}, info() {}, warn() {}, error() {} }
  const provider = new LanProvider({
    open: await loadMulticast(),
    fingerprint: FINGERPRINT,
    findBound: () => address,
    width: 8,
    logger: quiet,
  })
  const add = (): undefined => {
    claims++
  }
  await provider.start({ id, group, hub, ...address }, { add, answered() {}, remove() {} })
  return {
    get claims() {
      return claims
    },
    close: () => provider.stop(),
  }
}
