import { randomBytes } from 'node:crypto'
import type { Peer } from '../api/peer.js'
import { captureCallSite } from '../traceback/call-site.js'
import { explainRefusal } from '../traceback/explain-refusal.js'
import { listPorts } from '../transport/http/bind.js'
import { HttpTransport } from '../transport/http/http-transport.js'
import { SessionTransport } from '../transport/session/session-transport.js'
import { WebSocketLinks } from '../transport/session/websocket-links.js'
import { createProviders } from './create-providers.js'
import { readEnvironment } from './environment.js'
import { openTrust } from './open-trust.js'
import { PeerNode } from './peer-node.js'
import { type PeerOptions, type PeerSettings, readSettings } from './peer-options.js'
import type { PeerParts } from './peer-parts.js'

/**
 * Starts a peer: unless told otherwise, it listens, on loopback unless it was given another host and a key, makes itself known to the other peers of this
 * user, or with this key, on this machine, and finds them.
 *
 * Rejects with `invalid_argument` for an option or a `NET_*` variable that cannot be, `unavailable` where no port can be
 * bound or no server of the engine answers, `unauthenticated` where that does not let this peer in, `permission_denied` where the registry
 * folder is open to others or the engine does not permit what a peer needs, and `failed_precondition` where `lan` or the engine lacks
 * its package; then nothing of it is left open. The error's stack begins where it was called.
 */
export async function createPeer(options: PeerOptions = {}): Promise<Peer> {
  const site = captureCallSite(createPeer)
  try {
    return await openPeer(options)
  } catch (thrown) {
    throw explainRefusal(thrown, site)
  }
}

async function openPeer(options: PeerOptions): Promise<Peer> {
  const settings = readSettings(options, readEnvironment(process.env))
  const { port, network, logger } = settings
  const { trust, peersPath } = await openTrust(settings.registry, network.key, network.tls !== undefined)
  const http = new HttpTransport({
    trust,
    place: { ...network, port },
    tls: network.tls,
    origins: network.origins,
    logger,
  })
  const id = createPeerId()
  const ports = listPorts(port)
  if (settings.engine !== undefined) {
    // Only who has one loads what it takes.
    const { openEngine } = await import('./open-engine.js')
    return startPeer(settings, { id, ...openEngine(settings.engine, id, settings, http), ports })
  }
  return startPeer(settings, {
    id,
    transport: new SessionTransport(new WebSocketLinks(http)),
    ...(settings.transport === 'http' && { carrier: http }),
    providers: await createProviders(settings, { trust, peersPath, http }),
    ports,
  })
}

/** Starts a peer from its parts. Where that fails, it is closed. */
export async function startPeer(settings: PeerSettings, parts: PeerParts): Promise<Peer> {
  const peer = new PeerNode(settings, parts)
  try {
    if (settings.listen) await peer.listen()
    return peer
  } catch (error) {
    await peer.close()
    throw error
  }
}

/** 64 random bits in hexadecimal. */
export function createPeerId(): string {
  return randomBytes(8).toString('hex')
}
