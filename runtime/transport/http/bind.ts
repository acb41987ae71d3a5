import type { Address } from '../../api/address.js'
import type { Logger } from '../../api/logger.js'
import { refuse } from '../../errors/refuse.js'
import type { HttpServer } from './http-server.js'

/** Which port to take. */
export type PortChoice =
  | { readonly kind: 'exact'; readonly port: number }
  | { readonly kind: 'range'; readonly first: number; readonly last: number }

/** Both forms of loopback: a client that asks for `localhost` may mean either. */
const LOOPBACK = { v4: '127.0.0.1', v6: '::1' } as const

/** What is bound: servers on one port, and the address to tell others. */
export interface Binding {
  readonly address: Address
  readonly servers: readonly HttpServer[]
}

/**
 * Binds loopback: an exact port, or the first free one of a range and, where all of it is taken, any free port, since
 * peers are found by the registry anyway.
 *
 * Rejects with `unavailable`, naming the ports that were tried.
 */
export async function bindLoopback(
  choice: PortChoice,
  createServer: () => HttpServer,
  logger: Logger,
): Promise<Binding> {
  const ports = choice.kind === 'exact' ? [choice.port] : [...listPorts(choice), 0]
  let last: unknown
  for (const port of ports) {
    try {
      const binding = await bindPort(port, createServer)
      logger.debug('found port', { port: binding.address.port })
      return binding
    } catch (error) {
      if (!isTaken(error)) throw refuse('unavailable', `port ${port} of loopback cannot be bound`, { cause: error })
      last = error
    }
  }
  throw refuse('unavailable', `no port of loopback is free: tried ${ports.join(', ')}`, { cause: last })
}

function listPorts({ first, last }: { first: number; last: number }): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

async function bindPort(port: number, createServer: () => HttpServer): Promise<Binding> {
  const first = createServer()
  const address = await first.listen(LOOPBACK.v4, port)
  const second = createServer()
  try {
    await second.listen(LOOPBACK.v6, address.port)
    return { address, servers: [first, second] }
  } catch (error) {
    // Many containers have no IPv6: then one form of loopback is all there is.
    if (isWithoutIPv6(error)) return { address, servers: [first] }
    await first.close()
    throw error
  }
}

function readErrno(error: unknown): unknown {
  return (error as { code?: unknown }).code
}

function isTaken(error: unknown): boolean {
  // Windows reserves ranges of ports, and says EACCES for them.
  return readErrno(error) === 'EADDRINUSE' || readErrno(error) === 'EACCES'
}

function isWithoutIPv6(error: unknown): boolean {
  return readErrno(error) === 'EADDRNOTAVAIL' || readErrno(error) === 'EAFNOSUPPORT'
}
