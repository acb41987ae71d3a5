import type { ErrorCode } from '../../errors/codes.js'
import { printValue } from '../../errors/print-value.js'
import { PROTOCOL_VERSION, VERSION } from '../../version.js'
import { isCallId } from '../../wire/call-id.js'
import type { ReceivedHeaders } from './received-headers.js'

/** The head of a request, as Node read it. */
export interface RequestHead {
  readonly method: string
  readonly url: string
  readonly known: ReceivedHeaders
}

/** Where a request leads, once it may pass. */
export type Route =
  | { readonly kind: 'identity'; readonly challenge: string }
  /** `isTrusted`: it came with the token. */
  | { readonly kind: 'health'; readonly isTrusted: boolean }
  | { readonly kind: 'session'; readonly headers: ReceivedHeaders }
  | { readonly kind: 'call'; readonly segment: string; readonly headers: ReceivedHeaders }
  /** A browser asks for a page of a configured origin what the page may send. */
  | { readonly kind: 'preflight' }

/** What the gate decided. */
export type Decision = (Route | Refusal) & {
  /** Of the web page that asks, where it is configured: the page may read the answer, a refusal too. */
  readonly origin?: string
}

/** Why a request may not pass. */
export interface Refusal {
  readonly status: number
  readonly code: ErrorCode
  readonly message: string
}

/** What the gate lets pass. */
export interface GateRules {
  /** Lower-case `host:port` forms under which the peer is reached. */
  readonly hosts: ReadonlySet<string>
  /** Origins of web pages that may ask, as browsers write them. */
  readonly origins: ReadonlySet<string>
  /** Whether a token is the one of this peer; takes the same time for every token of one length. */
  readonly isToken: (token: string) => boolean
}

/** Node keeps what fits into 16 KiB; no client of netgen's sends a tenth of these. */
const MAX_HEADERS = 100

/** What a WebSocket has to be opened for. */
export const SUBPROTOCOL: string = `netgen.v${PROTOCOL_VERSION}`

const PREFIX = '/netgen/v1/'
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/

/**
 * Decides on a request by its head alone, before a byte of its body is read: number of headers, Host, Origin, path, method,
 * content type, token, call id, in this order. A web page that reaches a port of loopback fails at the first or the second of them,
 * unless its origin is configured: then it needs the token, as everybody does.
 */
export function checkHead(head: RequestHead, rules: GateRules): Decision {
  const { known } = head
  if (known.count > MAX_HEADERS) {
    return deny(431, 'resource_exhausted', `request has more than ${MAX_HEADERS} headers`)
  }
  if (known.repeated !== undefined) {
    return deny(403, 'permission_denied', `header ${known.repeated} stands more than once`)
  }
  const refusal = checkPlace(head, rules)
  if (refusal !== undefined) return refusal
  const route = findRoute(head, rules)
  const origin = known.get('origin')
  return origin === undefined ? route : { ...route, origin }
}

function checkPlace({ url, known }: RequestHead, rules: GateRules): Refusal | undefined {
  // An absolute target would go before Host (RFC 9112, section 3.2.2): it is for proxies.
  if (!url.startsWith('/')) {
    return deny(403, 'permission_denied', `request target ${printValue(url)} is no path`)
  }
  const host = known.get('host')
  if (host === undefined || !(rules.hosts.has(host) || rules.hosts.has(host.toLowerCase()))) {
    return deny(403, 'permission_denied', `host is ${printValue(host)}, expected an address of this peer`)
  }
  const origin = known.get('origin')
  if (origin !== undefined) {
    // Where it came from is known exactly: that it is another site says nothing more.
    if (rules.origins.has(origin)) return undefined
    return deny(403, 'permission_denied', `origin ${printValue(origin)} is not allowed`)
  }
  const site = known.get('sec-fetch-site')
  if (site !== undefined && site !== 'none') {
    return deny(403, 'permission_denied', 'requests of web pages are not allowed')
  }
  return undefined
}

function findRoute({ method, url, known }: RequestHead, rules: GateRules): Route | Refusal {
  const queryAt = url.indexOf('?')
  const path = queryAt === -1 ? url : url.slice(0, queryAt)
  const segment = path.startsWith(PREFIX) ? path.slice(PREFIX.length) : ''
  if (segment === '' || segment.includes('/')) {
    return deny(404, 'not_found', `path ${printValue(path)} is unknown: calls go to ${PREFIX}<tag>`)
  }
  if (method === 'GET' && segment === 'identity') return readChallenge(url.slice(path.length + 1))
  if (method === 'GET' && segment === 'health') return readHealth(known, rules)
  if (method === 'GET' && segment === 'session') return checkSession(known, rules)
  if (method === 'OPTIONS' && known.get('origin') !== undefined) return { kind: 'preflight' }
  if (method !== 'POST') return deny(405, 'unimplemented', `method ${method} is not allowed: calls go by POST`)
  return (
    checkContent(known) ?? checkToken(known, rules) ?? checkCallId(known) ?? { kind: 'call', segment, headers: known }
  )
}

/** Whoever may ask at all is told that the peer is there; a token that is wrong is refused, as it is everywhere. */
function readHealth(headers: ReceivedHeaders, rules: GateRules): Route | Refusal {
  if (headers.get('authorization') === undefined) return { kind: 'health', isTrusted: false }
  return checkToken(headers, rules) ?? { kind: 'health', isTrusted: true }
}

function readChallenge(query: string): Route | Refusal {
  const challenge = new URLSearchParams(query).get('challenge') ?? undefined
  if (challenge !== undefined && CHALLENGE.test(challenge)) return { kind: 'identity', challenge }
  return deny(400, 'invalid_argument', `challenge is ${printValue(challenge)}, expected 32 bytes in base64url`)
}

function checkSession(headers: ReceivedHeaders, rules: GateRules): Route | Refusal {
  const offered = (headers.get('sec-websocket-protocol') ?? '').split(',').map((name) => name.trim())
  if (headers.get('upgrade')?.toLowerCase() !== 'websocket' || !offered.some((name) => name.startsWith('netgen.v'))) {
    return deny(426, 'invalid_argument', `a session is a WebSocket of the protocol ${printValue(SUBPROTOCOL)}`)
  }
  if (!offered.includes(SUBPROTOCOL)) return deny(426, 'failed_precondition', explainProtocol(offered))
  return checkToken(headers, rules) ?? { kind: 'session', headers }
}

function explainProtocol(offered: readonly string[]): string {
  const spoken = `this peer speaks ${printValue(SUBPROTOCOL)} (netgen ${printValue(VERSION)})`
  return `${spoken}, and was offered ${printValue(offered.join(', '))}: update netgen on the older of the two`
}

const JSON_TYPE = /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i

function checkContent(headers: ReceivedHeaders): Refusal | undefined {
  const type = headers.get('content-type')
  if (type === undefined || (type !== 'application/json' && !JSON_TYPE.test(type))) {
    return deny(415, 'invalid_argument', `content-type is ${printValue(type)}, expected "application/json"`)
  }
  const encoding = headers.get('content-encoding')
  if (encoding === undefined || encoding === 'identity') return undefined
  return deny(415, 'invalid_argument', `content-encoding is ${printValue(encoding)}, none is allowed`)
}

const SCHEME = 'Bearer '

function checkToken(headers: ReceivedHeaders, rules: GateRules): Refusal | undefined {
  const credentials = headers.get('authorization')
  if (credentials?.startsWith(SCHEME) && rules.isToken(credentials.slice(SCHEME.length))) return undefined
  return deny(
    401,
    'unauthenticated',
    'token is missing or wrong: `netgen token host:port` prints the headers for this peer, new ones after each start',
  )
}

function checkCallId(headers: ReceivedHeaders): Refusal | undefined {
  const callId = headers.get('netgen-call-id')
  if (callId === undefined || isCallId(callId)) return undefined
  return deny(400, 'invalid_argument', `netgen-call-id is ${printValue(callId)}, expected 1 to 64 of A-Za-z0-9_.-`)
}

function deny(status: number, code: ErrorCode, message: string): Refusal {
  return { status, code, message }
}
