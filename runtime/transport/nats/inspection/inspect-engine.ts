import { randomBytes } from 'node:crypto'
import type { EngineAccess } from '../../../api/engine-access.js'
import { checkGroupBytes } from '../../../api/engine-servers.js'
import type { Logger } from '../../../api/logger.js'
import { cleanLine } from '../../../errors/clean-text.js'
import { printValue } from '../../../errors/print-value.js'
import { refuse } from '../../../errors/refuse.js'
import { decodeObject } from '../../../wire/json-object.js'
import type { NatsAccess } from '../nats-access.js'
import type { NatsEngine } from '../nats-engine.js'
import { findMissing } from '../permissions.js'
import { askMonitoring } from './ask-monitoring.js'
import type { EngineFindings, JetStreamFindings } from './findings.js'

/** How many round trips are measured. */
const ROUND_TRIPS = 5

/** How long JetStream may take to answer, in milliseconds. */
const TIMEOUT_MS = 2_000

/** What is asked of an engine. */
export interface InspectionOptions {
  /** Whose subjects are tried. Default: `default`. */
  readonly group?: string
  /** A credentials file, where the access names no user. */
  readonly credentialsFile?: string | undefined
  /** The monitoring port of a server, such as `http://localhost:8222`. Default: it is not asked. */
  readonly monitoring?: string | undefined
}

/**
 * Finds out what an engine is, and what its user may do there. Rejects as a peer does that begins to listen: with `unavailable` where
 * nobody answers, or the connection is lost meanwhile, `unauthenticated`, `failed_precondition`, or `invalid_argument` for a group that is
 * too long; and as `askMonitoring` does.
 */
export async function inspectEngine(
  access: EngineAccess,
  { group = 'default', credentialsFile, monitoring }: InspectionOptions = {},
): Promise<EngineFindings> {
  checkGroupBytes(group)
  const engine = await (access as NatsAccess).connect({ name: 'netgen doctor', group, credentialsFile, logger: SILENT })
  let wasLost = false
  engine.follow(() => {
    wasLost = true
  })
  try {
    const { id, version, clusterAddresses } = engine.server
    const self = { id: randomBytes(8).toString('hex'), group, hub: false, host: 'doctor', port: 1 }
    const findings = {
      servers: access.servers,
      version,
      clusterAddresses,
      roundTripMs: await measureRoundTrip(engine),
      maxPayloadBytes: engine.maxBytes,
      missing: await findMissing(engine, self),
      jetStream: await askJetStream(engine),
      monitoring: monitoring === undefined ? undefined : await askMonitoring(monitoring, id),
    }
    // What was tried then was neither permitted nor refused.
    if (wasLost) throw refuseLost(access)
    return findings
  } finally {
    await engine.close()
  }
}

function refuseLost({ servers }: EngineAccess): Error {
  const engine = `engine ${servers.map(printValue).join(', ')}`
  return refuse('unavailable', `${engine} was lost while it was looked at: see why in its log, and try again`)
}

async function measureRoundTrip(engine: NatsEngine): Promise<number> {
  const tripsMs: number[] = []
  for (let trip = 0; trip < ROUND_TRIPS; trip++) {
    const startedAtMs = performance.now()
    await engine.flush()
    tripsMs.push(performance.now() - startedAtMs)
  }
  return tripsMs.toSorted((left, right) => left - right)[Math.floor(ROUND_TRIPS / 2)] ?? 0
}

/** Where nobody answers, this user may not ask, or no server has it: nothing tells which. */
async function askJetStream(engine: NatsEngine): Promise<JetStreamFindings> {
  const answer = await engine.request('$JS.API.INFO', '', TIMEOUT_MS)
  if (answer === 'nobody') return { isThere: false, cause: 'nobody', reason: 'no server has it' }
  if (answer === 'refused') {
    return { isThere: false, cause: 'refused', reason: 'this user may not publish to $JS.API.INFO' }
  }
  if (typeof answer === 'string') return { isThere: false, cause: 'unclear', reason: 'it does not answer' }
  const info = readAccountInfo(answer)
  if (info === undefined) {
    return { isThere: false, cause: 'unclear', reason: 'what answers for it is not JetStream' }
  }
  const { error, streams, storage, limits } = info
  if (error !== undefined) return { isThere: false, cause: 'account', reason: cleanLine(String(error.description)) }
  const max = limits?.max_storage ?? -1
  return { isThere: true, streams, storageBytes: storage, maxStorageBytes: max < 0 ? undefined : max }
}

/** Whoever may answer there may answer anything: undefined for what no JetStream does. */
function readAccountInfo(answer: Uint8Array): AccountInfo | undefined {
  const info = decodeObject(answer) as Partial<AccountInfo> | undefined
  if (info === undefined) return undefined
  const { error, streams = 0, storage = 0, limits } = info
  const isInfo = [streams, storage, limits?.max_storage ?? 0].every((number) => typeof number === 'number')
  return isInfo && error !== null ? { error, streams, storage, limits } : undefined
}

/** `io.nats.jetstream.api.v1.account_info_response`, as far as it is read. */
interface AccountInfo {
  readonly error: { readonly description?: unknown } | undefined
  readonly streams: number
  readonly storage: number
  readonly limits: { readonly max_storage?: number } | undefined
}

const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} }
