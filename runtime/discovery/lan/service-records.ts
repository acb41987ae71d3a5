import type { Address } from '../../api/address.js'
import { MAX_RECORDS } from './packet-limits.js'

/** DNS-SD's name for peers of netgen (RFC 6763, section 7). */
export const SERVICE = '_netgen._tcp.local'

/** For how long others may keep a record, in seconds, as RFC 6762, section 10, has it for those with a host's name. */
const TTL_S = 120

/** A record of DNS, as far as peers need it. */
export type ServiceRecord =
  | { readonly name: string; readonly type: 'PTR'; readonly ttl: number; readonly data: string }
  | { readonly name: string; readonly type: 'SRV'; readonly ttl: number; readonly data: ServiceTarget }
  /** Texts are written, and read as bytes. */
  | { readonly name: string; readonly type: 'TXT'; readonly ttl: number; readonly data: readonly (string | Buffer)[] }
  | { readonly name: string; readonly type: 'A'; readonly ttl: number; readonly data: string }

/** Where a service is. */
export interface ServiceTarget {
  readonly port: number
  readonly target: string
}

/** A peer as it is announced. */
export interface Announced extends Address {
  readonly id: string
  /** What names its key without telling it. */
  readonly fingerprint: string
}

/** The records that announce a peer, or take that back where it is leaving. */
export function writeAnnouncement({ id, host, port, fingerprint }: Announced, isLeaving = false): ServiceRecord[] {
  const ttl = isLeaving ? 0 : TTL_S
  const instance = `${id}.${SERVICE}`
  const target = `${id}.local`
  return [
    { name: SERVICE, type: 'PTR', ttl, data: instance },
    { name: instance, type: 'SRV', ttl, data: { port, target } },
    { name: instance, type: 'TXT', ttl, data: ['txtvers=1', `key=${fingerprint}`] },
    { name: target, type: 'A', ttl, data: host },
  ]
}

/** The records by which somebody who asks says whom it knows already (RFC 6762, section 7.1); as many as a packet holds. */
export function writeKnown(ids: readonly string[]): ServiceRecord[] {
  return ids.slice(0, MAX_ANNOUNCED).map((id) => ({ name: SERVICE, type: 'PTR', ttl: TTL_S, data: `${id}.${SERVICE}` }))
}

/** Whether a peer is among those that somebody who asks knows already. */
export function isKnown(id: string, known: readonly unknown[]): boolean {
  return known.some((record) => {
    const { type, data } = (record ?? {}) as { type?: unknown; data?: unknown }
    return type === 'PTR' && data === `${id}.${SERVICE}`
  })
}

/** How many announced peers one packet may name: a packet of 9,000 bytes (RFC 6762, section 17) holds no more. */
const MAX_ANNOUNCED = 64

/**
 * The peers that the records of a packet announce; those that leave are none. What comes is anybody's: whatever is not as a peer
 * would write it is left out, of records with one name and type all but the first, and so is what no packet holds.
 */
export function readAnnouncements(records: readonly unknown[]): Announced[] {
  const services = new Map<string, ServiceTarget>()
  const fingerprints = new Map<string, string>()
  const hosts = new Map<string, string>()
  for (const record of records.slice(0, MAX_RECORDS)) {
    if (!isRecord(record) || record.ttl <= 0) continue
    const { name, type, data } = record
    if (type === 'SRV') addFirst(services, name, data)
    else if (type === 'TXT') addFirst(fingerprints, name, readFingerprint(data))
    else if (type === 'A') addFirst(hosts, name, data)
  }
  return [...services].flatMap(([name, { port, target }]) => {
    const id = name.endsWith(`.${SERVICE}`) ? name.slice(0, -SERVICE.length - 1) : ''
    const fingerprint = fingerprints.get(name)
    const host = hosts.get(target)
    const isPort = Number.isInteger(port) && port >= 1 && port <= 65_535
    if (!/^[0-9a-f]{16}$/.test(id) || fingerprint === undefined || host === undefined || !isPort) return []
    return [{ id, host, port, fingerprint }]
  })
}

function addFirst<Value>(found: Map<string, Value>, name: string, value: Value | undefined): void {
  if (value !== undefined && !found.has(name)) found.set(name, value)
}

function readFingerprint(texts: readonly unknown[]): string | undefined {
  return texts
    .map(String)
    .find((text) => text.startsWith('key='))
    ?.slice('key='.length)
}

/** Whether the questions of a packet ask for peers. */
export function isQuestion(questions: readonly unknown[]): boolean {
  return questions.some((question) => {
    const { name, type } = (question ?? {}) as { name?: unknown; type?: unknown }
    return typeof name === 'string' && name.toLowerCase() === SERVICE && (type === 'PTR' || type === 'ANY')
  })
}

function isRecord(value: unknown): value is ServiceRecord {
  if (typeof value !== 'object' || value === null) return false
  const { name, type, ttl, data } = value as Record<string, unknown>
  if (typeof name !== 'string' || typeof ttl !== 'number') return false
  if (type === 'A') return typeof data === 'string'
  if (type === 'TXT') return Array.isArray(data)
  if (type !== 'SRV' || typeof data !== 'object' || data === null) return false
  const { port, target } = data as Partial<ServiceTarget>
  return typeof port === 'number' && typeof target === 'string'
}
