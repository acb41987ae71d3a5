import { printValue } from '../../../errors/print-value.js'
import { refuse } from '../../../errors/refuse.js'
import { type JsonObject, toObject } from '../../../wire/json-object.js'
import { NANOSECONDS_PER_MS } from '../nanoseconds.js'
import type { MonitoringFindings } from './findings.js'

/** How long each answer may take, in milliseconds. */
const TIMEOUT_MS = 2_000

/**
 * Asks the monitoring port of the server that calls itself `serverId`, at a URL such as `http://localhost:8222`, with user and password where a
 * proxy before it wants them. Rejects with `invalid_argument` for what is no such URL, `unavailable` where nothing of NATS answers there, and
 * `failed_precondition` where another server does; never with what stands before the host.
 */
export async function askMonitoring(text: string, serverId: string): Promise<MonitoringFindings> {
  const place = readPlace(text)
  const askedAtMs = Date.now()
  const { now, jetstream, server_id: found } = await read(place)
  const slackMs = (Date.now() - askedAtMs) / 2
  const differenceMs = Math.round(Date.parse(String(now)) - askedAtMs - slackMs)
  if (Number.isNaN(differenceMs) || typeof found !== 'string') throw refuseAnswer(place)
  if (found !== serverId) {
    const problem = `that of server ${printValue(found)}, and the engine answers as ${printValue(serverId)}`
    throw refuse(
      'failed_precondition',
      `monitoring port at ${printValue(place.shown)} is ${problem}: name that of the same server`,
    )
  }
  // Within the time that the answer took, nothing is known.
  const clockAheadMs = Math.abs(differenceMs) <= slackMs + 1 ? 0 : differenceMs
  return { clockAheadMs, syncIntervalMs: readSyncInterval(jetstream) }
}

interface Place {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** As it may be printed. */
  readonly shown: string
}

/** `fetch` takes no URL with a user: that goes in a header (RFC 7617, section 2). */
function readPlace(text: string): Place {
  const shown = text.replace(/\/\/.*@/s, '//')
  const url = URL.canParse(text) ? new URL(text) : undefined
  const login = url === undefined ? undefined : readLogin(url)
  if (url === undefined || login === undefined || !/^https?:$/.test(url.protocol))
    throw refuse(
      'invalid_argument',
      `monitoring port is ${printValue(shown)}, expected a URL such as http://localhost:8222`,
    )
  const path = url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`
  const headers = login === ':' ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` }
  return { url: new URL(`${path}varz`, url.origin), headers, shown }
}

/** Undefined where its escapes are none. */
function readLogin({ username, password }: URL): string | undefined {
  try {
    return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  } catch {
    return undefined
  }
}

/** Since 2.10 the server says it, as `sync_interval` in nanoseconds and `sync_always`. */
function readSyncInterval(jetStream: unknown): number | undefined {
  const { sync_interval: interval, sync_always: always } = toObject(toObject(jetStream)['config'])
  if (always === true) return 0
  return typeof interval === 'number' ? interval / NANOSECONDS_PER_MS : undefined
}

async function read(place: Place): Promise<JsonObject> {
  const { url, headers } = place
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) })
    return toObject(await response.json())
  } catch (cause) {
    throw refuseAnswer(place, cause)
  }
}

function refuseAnswer({ shown }: Place, cause?: unknown): Error {
  const problem = `no monitoring port answers at ${printValue(shown)}: start nats-server with -m 8222, or correct the URL`
  return refuse('unavailable', problem, { cause })
}
