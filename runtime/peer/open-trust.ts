import { openRegistryFolder } from '../discovery/local/registry-folder.js'
import { readSharedSecret } from '../discovery/local/shared-secret.js'
import { refuse } from '../errors/refuse.js'
import { Trust } from '../transport/http/trust.js'
import { deriveSecret, type KeySource } from './group-key.js'

/** What a peer trusts others by, and where it meets those on its machine. */
export interface TrustedRegistry {
  readonly trust: Trust
  /** The folder with one file for each peer that trusts by the same. */
  readonly peersPath: string
}

/**
 * One rule on every address: peers trust whoever knows the same. That is the key where there is one, and else the secret that
 * lies in the registry folder. Peers that cannot talk to each other, since they trust by different keys or one of them encrypts,
 * meet in different folders.
 *
 * Rejects with `invalid_argument` without a registry folder, and as `deriveSecret` does for a key.
 */
export async function openTrust(
  registry: string | undefined,
  key: KeySource | undefined,
  isEncrypted = false,
): Promise<TrustedRegistry> {
  if (registry === undefined) {
    throw refuse(
      'invalid_argument',
      'there is no home folder: set NET_REGISTRY (or registry) to a folder that all peers of this user share on this machine',
    )
  }
  const ending = isEncrypted ? '-tls' : ''
  if (key === undefined) {
    const { secretPath, peersPath } = await openRegistryFolder(registry, `peers${ending}`)
    return { trust: new Trust(await readSharedSecret(secretPath)), peersPath }
  }
  const trust = new Trust(await deriveSecret(key), 'key')
  const { peersPath } = await openRegistryFolder(registry, `peers-${trust.fingerprint}${ending}`)
  return { trust, peersPath }
}
