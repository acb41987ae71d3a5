import { type Address, printAddress } from '../../api/address.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { refuse } from '../../errors/refuse.js'
import { decodeObject } from '../../wire/json-object.js'
import { checkVersions, readVersions } from '../protocol-versions.js'
import type { HttpResponse } from './http-exchange.js'
import type { Trust } from './trust.js'

/**
 * Reads who is behind an address. Throws `unauthenticated` where it did not prove that it knows the secret, and
 * `failed_precondition` where it speaks no version of the protocol that is spoken here.
 */
export function readIdentity(response: HttpResponse, address: Address, challenge: string, trust: Trust): RemotePeer {
  const value = response.status === 200 ? decodeObject(response.body) : undefined
  const { id, proof, sealed } = value ?? {}
  const isWhole = typeof id === 'string' && typeof proof === 'string' && typeof sealed === 'string'
  if (isWhole && trust.isProof(proof, challenge, id, address)) {
    const versions = readVersions(value?.['versions'])
    if (versions !== undefined) checkVersions(address, versions)
    const { group, hub } = decodeObject(trust.unseal(sealed, challenge, id) ?? '') ?? {}
    if (typeof group === 'string' && typeof hub === 'boolean') {
      return Object.freeze({ id, host: address.host, port: address.port, group, hub })
    }
  }
  const expected =
    trust.kind === 'key'
      ? 'no peer with this key: give both the same key, or call one that has it'
      : 'no peer of this user: start both as one user without a key, or give both the same key'
  throw refuse('unauthenticated', `what listens at ${printAddress(address)} is ${expected}`)
}
