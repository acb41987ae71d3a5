import { lookup } from 'node:dns/promises'
import { type Address, parseIP, printAddress } from '../../api/address.js'
import { refuse } from '../../errors/refuse.js'

/**
 * Where an address is, as an IP address: a name may be several of them, or somebody else's tomorrow; a proof is bound to one, and
 * what follows it has to go there too. `localhost` is 127.0.0.1, which every peer on loopback has.
 *
 * Rejects with `unavailable` where nobody knows the name, or nobody can be asked, and `deadline_exceeded` where nobody says so in time.
 */
export async function locate<Place extends Address>(address: Place, timeoutMs: number): Promise<Place> {
  const ip = parseIP(address.host)
  if (ip !== undefined) return ip === address.host ? address : { ...address, host: ip }
  if (address.host.toLowerCase() === 'localhost') return { ...address, host: '127.0.0.1' }
  return { ...address, host: await findHost(address, timeoutMs) }
}

async function findHost(address: Address, timeoutMs: number): Promise<string> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const message = `${printAddress(address)} was not found by its name within ${Math.ceil(timeoutMs)} ms`
    // The lookup itself keeps the process alive for as long as it takes.
    timer = setTimeout(() => reject(refuse('deadline_exceeded', message)), timeoutMs).unref()
  })
  const found = lookUp(address.host).catch((cause: unknown) => {
    throw refuse('unavailable', `${printAddress(address)} ${explainLookup(cause)}`, { cause })
  })
  try {
    const { address: host } = await Promise.race([found, late])
    return parseIP(host) ?? host
  } finally {
    clearTimeout(timer)
  }
}

/** Lookups that are under way, by name. */
const lookups = new Map<string, Promise<{ readonly address: string }>>()

/**
 * Whoever asks for a name that is looked up waits for the same answer: each lookup holds one of Node's four threads, which files and keys
 * need too, and one that no name server answers does so for half a minute, long after nobody waits for it.
 */
function lookUp(name: string): Promise<{ readonly address: string }> {
  const known = lookups.get(name)
  if (known !== undefined) return known
  const begun = lookup(name).finally(() => lookups.delete(name))
  lookups.set(name, begun)
  return begun
}

/** A name server that cannot be reached says nothing of a name (EAI_AGAIN of getaddrinfo(3)). */
function explainLookup(cause: unknown): string {
  return (cause as NodeJS.ErrnoException).code === 'EAI_AGAIN'
    ? 'was not found: no name server answers, so try again later'
    : 'is nowhere: its name is unknown'
}
