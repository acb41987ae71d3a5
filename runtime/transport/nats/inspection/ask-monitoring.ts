import { printValue } from '../../../errors/print-value.js'
import { refuse } from '../../../errors/refuse.js'
import type { MonitoringFindings } from './findings.js'

/** How long each answer may take, in milliseconds. */
const TIMEOUT_MS = 2_000

const NANOSECONDS_PER_MS = 1e6

/**
 * Asks the monitoring port of a server, such as `http://localhost:8222`. Rejects with `invalid_argument` for what is no such URL, and
 * `unavailable` where nothing of NATS answers there.
 */
export async function askMonitoring(url: string): Promise<MonitoringFindings> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw refuse(
      'invalid_argument',
      `monitoring port is ${printValue(url)}, expected a URL such as http://localhost:8222`,
    )
  const askedAtMs = Date.now()
  const { now, jetstream } = await read(url, '/varz')
  const slackMs = (Date.now() - askedAtMs) / 2
  const differenceMs = Math.round(Date.parse(String(now)) - askedAtMs - slackMs)
  if (Number.isNaN(differenceMs)) throw refuseAnswer(url)
  // Within the time that the answer took, nothing is known.
  const clockAheadMs = Math.abs(differenceMs) <= slackMs + 1 ? 0 : differenceMs
  return { clockAheadMs, syncIntervalMs: readSyncInterval(jetstream) }
}

/** Since 2.10 the server says it, as `sync_interval` in nanoseconds and `sync_always`. */
function readSyncInterval(jetStream: unknown): number | undefined {
  const { sync_interval: interval, sync_always: always } = toRecord(toRecord(jetStream)['config'])
  if (always === true) return 0
  return typeof interval === 'number' ? interval / NANOSECONDS_PER_MS : undefined
}

async function read(url: string, path: string): Promise<Partial<Record<string, unknown>>> {
  try {
    const response = await fetch(new URL(path, url), { signal: AbortSignal.timeout(TIMEOUT_MS) })
    return toRecord(await response.json())
  } catch (cause) {
    throw refuseAnswer(url, cause)
  }
}

function refuseAnswer(url: string, cause?: unknown): Error {
  const problem = `no monitoring port answers at ${printValue(url)}: start nats-server with -m 8222, or correct the URL`
  return refuse('unavailable', problem, { cause })
}

function toRecord(value: unknown): Partial<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
