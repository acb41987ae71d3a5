import type { Address } from '../../api/address.js'
import type { Logger } from '../../api/logger.js'
import { refuse } from '../../errors/refuse.js'
import type { HttpServer } from './http-server.js'
import { findAnnouncedHost, listOwnAddresses } from './own-address.js'
import type { OtherNames } from './own-names.js'

/** Which port to take. */
export type PortChoice =
  | { readonly kind: 'exact'; readonly port: number }
  | { readonly kind: 'range'; readonly first: number; readonly last: number }

/** Where a peer listens, and what it is called there. */
export interface Place extends OtherNames {
  /** An IP address of this machine, or one that means all of them; undefined: loopback in both its forms. */
  readonly host: string | undefined
  readonly port: PortChoice
}

/** Both forms of loopback: a client that asks for `localhost` may mean either. */
const LOOPBACK = ['127.0.0.1', '::1'] as const

/** Any free port, as often as one that is free in one form of loopback may be taken in the other. */
const ANY: readonly number[] = Array<number>(8).fill(0)

/** What is bound: servers on one port, and where it is reached. */
export interface Binding {
  /** What others are told. */
  readonly address: Address
  /** Where peers of this machine reach it, whatever is advertised elsewhere. */
  readonly local: Address
  /** Where it listens. */
  readonly bound: Address
  readonly servers: readonly HttpServer[]
}

/**
 * Binds a place: an exact port, or the first free one of a range and, where all of it is taken, any free port, since peers are
 * found by what they announce anyway.
 *
 * Rejects with `unavailable`, naming the port, or the ports that were tried, or the addresses that this machine has.
 */
export async function bind(place: Place, createServer: () => HttpServer, logger: Logger): Promise<Binding> {
  const { host, port: choice, advertise } = place
  const isExact = choice.kind === 'exact' && choice.port !== 0
  const ports = isExact ? [choice.port] : [...listPorts(choice), ...ANY]
  const hosts = host === undefined ? LOOPBACK : [host]
  const where = host ?? 'loopback'
  let last: unknown
  for (const port of ports) {
    try {
      const { bound, servers } = await bindPort(hosts, port, createServer)
      logger.debug('found port', { port: bound.port })
      const local = { host: findAnnouncedHost(bound.host), port: bound.port }
      const address = { host: advertise?.host ?? local.host, port: advertise?.port ?? local.port }
      return { address, local, bound, servers }
    } catch (error) {
      if (readErrno(error) === 'EADDRNOTAVAIL') throw refuseForeignHost(where, error)
      if (!isTaken(error)) throw refuse('unavailable', `port ${port} of ${where} cannot be bound`, { cause: error })
      last = error
    }
  }
  throw refuse('unavailable', explainTaken(choice, where, last), { cause: last })
}

function explainTaken(choice: PortChoice, where: string, cause: unknown): string {
  if (choice.kind === 'range') return `no port of ${where} is free: tried ${choice.first} to ${choice.last}, and any`
  if (choice.port === 0) return `no port of ${where} is free`
  const [problem, remedy] =
    readErrno(cause) === 'EACCES'
      ? ['not permitted to this process', choice.port < 1_024 ? 'take another one, from 1024 on' : 'take another one']
      : ['taken', 'end what listens there']
  return `port ${choice.port} of ${where} is ${problem}: ${remedy}, or leave port out for one that is free`
}

/** The ports of a choice, in the order in which they are tried. */
export function listPorts(choice: PortChoice): number[] {
  if (choice.kind === 'exact') return choice.port === 0 ? [] : [choice.port]
  return Array.from({ length: choice.last - choice.first + 1 }, (_, index) => choice.first + index)
}

interface Bound {
  readonly bound: Address
  readonly servers: readonly HttpServer[]
}

async function bindPort(hosts: readonly string[], port: number, createServer: () => HttpServer): Promise<Bound> {
  const [firstHost = '', secondHost] = hosts
  const first = createServer()
  const bound = await first.listen(firstHost, port)
  if (secondHost === undefined) return { bound, servers: [first] }
  const second = createServer()
  try {
    await second.listen(secondHost, bound.port)
    return { bound, servers: [first, second] }
  } catch (error) {
    // Many containers have no IPv6: then one form of loopback is all there is.
    if (isWithoutIPv6(error)) return { bound, servers: [first] }
    await first.close()
    throw error
  }
}

function refuseForeignHost(host: string, cause: unknown): Error {
  const own = ['127.0.0.1', ...listOwnAddresses()].join(', ')
  return refuse('unavailable', `${host} is no address of this machine: it has ${own}`, { cause })
}

function readErrno(error: unknown): unknown {
  return (error as { code?: unknown }).code
}

function isTaken(error: unknown): boolean {
  // Windows reserves ranges of ports, and says EACCES for them, as others do for ports below 1024.
  return readErrno(error) === 'EADDRINUSE' || readErrno(error) === 'EACCES'
}

function isWithoutIPv6(error: unknown): boolean {
  return readErrno(error) === 'EADDRNOTAVAIL' || readErrno(error) === 'EAFNOSUPPORT'
}
