import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import { parseIP } from '../../api/address.js'

/** Says what is wrong with a server's certificate, as Node's option of that name does; undefined: nothing. */
export type CheckIdentity = (name: string, certificate: PeerCertificate) => Error | undefined

/**
 * Checks that a certificate is for one of these servers. The client of NATS has those that are named by an IP address checked for
 * the name `localhost`: theirs has to be for the IP address of one of them instead.
 */
export function createIdentityCheck(urls: readonly URL[]): CheckIdentity {
  const names = urls.map(({ hostname }) => parseIP(hostname) ?? hostname)
  const addresses = names.filter((name) => parseIP(name) !== undefined)
  return (name, certificate) => {
    if (name !== 'localhost' || names.includes(name) || addresses.length === 0)
      return checkServerIdentity(name, certificate)
    const problems = addresses.map((address) => checkServerIdentity(address, certificate))
    return problems.includes(undefined) ? undefined : problems[0]
  }
}
