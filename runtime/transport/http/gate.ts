import type { ErrorCode } from '../../errors/codes.js'
import { printValue } from '../../errors/print-value.js'
import { PROTOCOL_VERSION, VERSION } from '../../version.js'
import { isCallId } from '../../wire/call-id.js'

/** The head of a request, as Node read it. */
export interface RequestHead {
  readonly method: string
  readonly url: string
  /** Names and values in turn, none merged and none dropped. */
  readonly rawHeaders: readonly string[]
}

/** Where a request leads, once it may pass. */
export type Route =
  | { readonly kind: 'identity'; readonly challenge: string }
  /** `isTrusted`: it came with the token. */
  | { readonly kind: 'health'; readonly isTrusted: boolean }
  | { readonly kind: 'session'; readonly headers: ReadonlyMap<string, string> }
  | { readonly kind: 'call'; readonly segment: string; readonly headers: ReadonlyMap<string, string> }
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

/**
 * The headers that are read: those that decide may stand only once, and those whose values are lists may be cut into several.
 * All others are left.
 */
const KINDS: ReadonlyMap<string, 'single' | 'list'> = new Map([
  ['host', 'single'],
  ['origin', 'single'],
  ['sec-fetch-site', 'single'],
  ['content-type', 'single'],
  ['content-encoding', 'single'],
  ['content-length', 'single'],
  ['authorization', 'single'],
  ['sec-websocket-protocol', 'single'],
  ['upgrade', 'single'],
  ['netgen-target', 'single'],
  ['netgen-caller', 'single'],
  ['netgen-caller-group', 'single'],
  ['netgen-timeout-ms', 'single'],
  ['netgen-call-id', 'single'],
  ['netgen-metadata', 'single'],
  ['traceparent', 'single'],
  ['tracestate', 'list'],
  ['baggage', 'list'],
])

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
  if (head.rawHeaders.length / 2 > MAX_HEADERS) {
    return deny(431, 'resource_exhausted', `request has more than ${MAX_HEADERS} headers`)
  }
  const headers = new Map<string, string>()
  for (let index = 0; index < head.rawHeaders.length; index += 2) {
    const name = (head.rawHeaders[index] ?? '').toLowerCase()
    const kind = KINDS.get(name)
    if (kind === undefined) continue
    const value = head.rawHeaders[index + 1] ?? ''
    const before = headers.get(name)
    if (before !== undefined && kind === 'single') {
      return deny(403, 'permission_denied', `header ${name} stands more than once`)
    }
    headers.set(name, before === undefined ? value : `${before},${value}`)
  }
  const refusal = checkPlace(head, headers, rules)
  if (refusal !== undefined) return refusal
  const route = findRoute(head, headers, rules)
  const origin = headers.get('origin')
  return origin === undefined ? route : { ...route, origin }
}

function checkPlace(head: RequestHead, headers: ReadonlyMap<string, string>, rules: GateRules): Refusal | undefined {
  // An absolute target would go before Host (RFC 9112, section 3.2.2): it is for proxies.
  if (!head.url.startsWith('/')) {
    return deny(403, 'permission_denied', `request target ${printValue(head.url)} is no path`)
  }
  const host = headers.get('host')
  if (host === undefined || !rules.hosts.has(host.toLowerCase())) {
    return deny(403, 'permission_denied', `host is ${printValue(host)}, expected an address of this peer`)
  }
  const origin = headers.get('origin')
  if (origin !== undefined) {
    // Where it came from is known exactly: that it is another site says nothing more.
    if (rules.origins.has(origin)) return undefined
    return deny(403, 'permission_denied', `origin ${printValue(origin)} is not allowed`)
  }
  const site = headers.get('sec-fetch-site')
  if (site !== undefined && site !== 'none') {
    return deny(403, 'permission_denied', 'requests of web pages are not allowed')
  }
  return undefined
}

function findRoute(head: RequestHead, headers: ReadonlyMap<string, string>, rules: GateRules): Route | Refusal {
  const [path = '', query = ''] = head.url.split('?', 2)
  const segment = path.startsWith(PREFIX) ? path.slice(PREFIX.length) : ''
  if (segment === '' || segment.includes('/')) {
    return deny(404, 'not_found', `path ${printValue(path)} is unknown: calls go to ${PREFIX}<tag>`)
  }
  if (head.method === 'GET' && segment === 'identity') return readChallenge(query)
  if (head.method === 'GET' && segment === 'health') return readHealth(headers, rules)
  if (head.method === 'GET' && segment === 'session') return checkSession(headers, rules)
  if (head.method === 'OPTIONS' && headers.has('origin')) return { kind: 'preflight' }
  if (head.method !== 'POST')
    return deny(405, 'unimplemented', `method ${head.method} is not allowed: calls go by POST`)
  return (
    checkContent(headers) ?? checkToken(headers, rules) ?? checkCallId(headers) ?? { kind: 'call', segment, headers }
  )
}

/** Whoever may ask at all is told that the peer is there; a token that is wrong is refused, as it is everywhere. */
function readHealth(headers: ReadonlyMap<string, string>, rules: GateRules): Route | Refusal {
  if (!headers.has('authorization')) return { kind: 'health', isTrusted: false }
  return checkToken(headers, rules) ?? { kind: 'health', isTrusted: true }
}

function readChallenge(query: string): Route | Refusal {
  const challenge = new URLSearchParams(query).get('challenge') ?? undefined
  if (challenge !== undefined && CHALLENGE.test(challenge)) return { kind: 'identity', challenge }
  return deny(400, 'invalid_argument', `challenge is ${printValue(challenge)}, expected 32 bytes in base64url`)
}

function checkSession(headers: ReadonlyMap<string, string>, rules: GateRules): Route | Refusal {
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

function checkContent(headers: ReadonlyMap<string, string>): Refusal | undefined {
  const type = headers.get('content-type')
  if (type === undefined || (type !== 'application/json' && !JSON_TYPE.test(type))) {
    return deny(415, 'invalid_argument', `content-type is ${printValue(type)}, expected "application/json"`)
  }
  const encoding = headers.get('content-encoding')
  if (encoding === undefined || encoding === 'identity') return undefined
  return deny(415, 'invalid_argument', `content-encoding is ${printValue(encoding)}, none is allowed`)
}

const SCHEME = 'Bearer '

function checkToken(headers: ReadonlyMap<string, string>, rules: GateRules): Refusal | undefined {
  const credentials = headers.get('authorization')
  if (credentials?.startsWith(SCHEME) && rules.isToken(credentials.slice(SCHEME.length))) return undefined
  return deny(
    401,
    'unauthenticated',
    'token is missing or wrong: `netgen token host:port` prints the headers for this peer, new ones after each start',
  )
}

function checkCallId(headers: ReadonlyMap<string, string>): Refusal | undefined {
  const callId = headers.get('netgen-call-id')
  if (callId === undefined || isCallId(callId)) return undefined
  return deny(400, 'invalid_argument', `netgen-call-id is ${printValue(callId)}, expected 1 to 64 of A-Za-z0-9_.-`)
}

function deny(status: number, code: ErrorCode, message: string): Refusal {
  return { status, code, message }
}
