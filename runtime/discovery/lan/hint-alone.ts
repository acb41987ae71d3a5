import type { Logger } from '../../api/logger.js'
import type { LanInterface } from './interfaces.js'

/** After how long alone there is a hint in the log, in milliseconds. */
const ALONE_MS = 10_000

/** Says once in the log what to look at, where nobody is found within 10 s; not where the answer is called before. */
export function hintAlone(logger: Logger, listNetworks: () => readonly LanInterface[]): () => void {
  const hint = (): void =>
    logger.warn(
      'nobody was found on this network for 10 s: others need the same key, and UDP port 5353 and multicast have to pass the ' +
        'firewall; where they cannot, name the others in NET_PEERS',
      { interfaces: listNetworks().map(({ name, address }) => `${name} ${address}`) },
    )
  const timer = setTimeout(hint, ALONE_MS).unref()
  return () => clearTimeout(timer)
}
