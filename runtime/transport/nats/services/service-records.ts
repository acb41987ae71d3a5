import { createHash } from 'node:crypto'
import type { RemotePeer } from '../../../api/remote-peer.js'
import { VERSION } from '../../../version.js'
import { isQueued, QUEUE } from '../calls/served-queue.js'
import { NANOSECONDS_PER_MS } from '../nanoseconds.js'
import { nameEndpoint, nameQueued } from '../subjects.js'
import type { CallCount, CountedAnswerer } from './counted-answerer.js'

/** What can be asked of a service (NATS ADR-32, "Discovery and Status"). */
export type ServiceVerb = 'PING' | 'INFO' | 'STATS'

/** What a service says of itself. */
export interface ServiceState {
  readonly self: RemotePeer
  readonly startedAt: Date
  readonly answerer: Pick<CountedAnswerer, 'tags' | 'read'>
}

/**
 * The name of the service that all peers of a group are: it may have letters, digits, dashes and underscores alone. That of a group which has
 * others is told apart by a hash: 8 digits of its SHA-256.
 */
export function nameService(group: string): string {
  const name = cleanName(group)
  if (name === group) return `netgen-${name}`
  return `netgen-${name}-${createHash('sha256').update(group).digest('hex').slice(0, 8)}`
}

/** What a peer answers, as JSON text of at most `maxBytes`: with fewer endpoints where it would be longer, and how many it left out. */
export function printService(verb: ServiceVerb, state: ServiceState, maxBytes: number): string {
  for (let kept = state.answerer.tags.length; ; kept = Math.floor(kept / 2)) {
    const text = JSON.stringify(createRecord(verb, state, kept))
    if (kept === 0 || Buffer.byteLength(text) <= maxBytes) return text
  }
}

function createRecord(verb: ServiceVerb, { self, startedAt, answerer }: ServiceState, kept: number): object {
  const { id, group, hub, host, port } = self
  const metadata = { group, hub: String(hub), host, port: String(port) }
  const { tags } = answerer
  const leftOut = tags.length - kept
  const head = {
    type: `io.nats.micro.v1.${verb.toLowerCase()}_response`,
    name: nameService(group),
    id,
    version: VERSION,
    metadata: leftOut > 0 && verb !== 'PING' ? { ...metadata, endpoints_left_out: String(leftOut) } : metadata,
  }
  if (verb === 'PING') return head
  const endpoints = tags.slice(0, kept).map((tag) => ({
    name: cleanName(tag),
    ...findPlace(self, tag),
    ...(verb === 'INFO'
      ? { metadata: { tag, peer_subject: nameEndpoint(self, tag) } }
      : printCount(answerer.read(tag))),
  }))
  if (verb === 'INFO') return { ...head, description: `peers of ${group}, by netgen`, endpoints }
  return { ...head, started: startedAt.toISOString(), endpoints }
}

/** Where it is called: of the group's peers any where there may be several, and this one alone for what each says of itself. */
function findPlace(self: RemotePeer, tag: string): { readonly subject: string; readonly queue_group: string } {
  const queued = isQueued(tag) ? nameQueued(self.group, tag).at(-1) : undefined
  if (queued !== undefined) return { subject: queued, queue_group: QUEUE }
  return { subject: nameEndpoint(self, tag), queue_group: '' }
}

function printCount({ requests, errors, lastError, durationMs }: Readonly<CallCount>): object {
  const nanoseconds = Math.round(durationMs * NANOSECONDS_PER_MS)
  return {
    num_requests: requests,
    num_errors: errors,
    last_error: lastError,
    processing_time: nanoseconds,
    average_processing_time: requests === 0 ? 0 : Math.trunc(nanoseconds / requests),
  }
}

function cleanName(text: string): string {
  return text.replace(/[^\w-]/g, '_')
}
