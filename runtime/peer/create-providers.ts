import { isLoopback } from '../api/address.js'
import { Beats } from '../discovery/beats/beats.js'
import { LocalProvider } from '../discovery/local/local-provider.js'
import type { Provider } from '../discovery/provider.js'
import { StaticProvider } from '../discovery/static-provider.js'
import type { HttpTransport } from '../transport/http/http-transport.js'
import type { TrustedRegistry } from './open-trust.js'
import type { PeerSettings } from './peer-options.js'

/** What providers are made with, besides the settings. */
export interface ProviderParts extends TrustedRegistry {
  readonly http: HttpTransport
}

/** The ways in which a peer is found, and finds others. */
export function createProviders({ network, discovery, logger }: PeerSettings, parts: ProviderParts): Provider[] {
  const { trust, peersPath, http } = parts
  const providers: Provider[] = [new LocalProvider(peersPath, logger)]
  if (discovery.peers.length > 0) providers.push(new StaticProvider(discovery.peers))
  // Nobody else reaches loopback, where processes can be looked at.
  if (network.host !== undefined && !isLoopback(network.host)) {
    providers.push(new Beats({ key: trust.deriveKey('beats'), findBound: () => http.bound, logger }))
  }
  return providers
}
