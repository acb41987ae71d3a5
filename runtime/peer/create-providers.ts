import { type Address, isLoopback } from '../api/address.js'
import { Beats } from '../discovery/beats/beats.js'
import { Greeter } from '../discovery/greetings/greeter.js'
import { LanProvider } from '../discovery/lan/lan-provider.js'
import { loadMulticast } from '../discovery/lan/multicast.js'
import { LocalProvider } from '../discovery/local/local-provider.js'
import { countStrangers } from '../discovery/prober.js'
import type { Provider } from '../discovery/provider.js'
import { ScanProvider } from '../discovery/scan/scan-provider.js'
import { StaticProvider } from '../discovery/static-provider.js'
import type { HttpTransport } from '../transport/http/http-transport.js'
import type { TrustedRegistry } from './open-trust.js'
import type { PeerSettings } from './peer-options.js'

/** What providers are made with, besides the settings. */
export interface ProviderParts extends TrustedRegistry {
  readonly http: HttpTransport
}

/** The ways in which a peer is found, and finds others. Rejects with `failed_precondition` where one of them needs a package. */
export async function createProviders(
  { network, discovery, concurrency, logger }: PeerSettings,
  parts: ProviderParts,
): Promise<Provider[]> {
  const { trust, peersPath, http } = parts
  const findBound = (): Address | undefined => http.bound
  const providers: Provider[] = [new LocalProvider({ path: peersPath, findLocal: () => http.local, logger })]
  if (discovery.peers.length > 0) providers.push(new StaticProvider({ addresses: discovery.peers, logger }))
  if (discovery.scan !== undefined) providers.push(new ScanProvider({ ...discovery.scan, width: concurrency, logger }))
  // Who needs a certificate, too, has to show it.
  const greeter =
    isReached(network) && network.tls === undefined ? new Greeter({ sealer: trust, findBound }) : undefined
  if (isReached(network)) providers.push(new Beats({ key: trust.deriveKey('beats'), findBound, greeter, logger }))
  if (network.lan) {
    const [open, width] = [await loadMulticast(), Math.ceil(countStrangers(concurrency) / 2)]
    providers.push(new LanProvider({ open, fingerprint: trust.fingerprint, findBound, greeter, width, logger }))
  }
  return providers
}

/** Nobody else reaches loopback, where processes can be looked at. */
function isReached({ host }: PeerSettings['network']): boolean {
  return host !== undefined && !isLoopback(host)
}
