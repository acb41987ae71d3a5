import { connectRaw, writeHead } from '../runtime/transport/http/raw-client.js'
import type { Victim } from './use-victim.js'

/** What came for a request that was written as bytes. */
export interface RawAnswer {
  /** NaN where the connection ended without an answer. */
  readonly status: number
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
  /** All that came. */
  readonly text: string
}

/** How to get at a peer: every route of it that does something. */
export const ROUTES = ['a call', 'a stream', 'health', 'identity', 'a session'] as const

export type Route = (typeof ROUTES)[number]

type Header = readonly [name: string, value: string]

/** The request for a route as its peer takes it, with the token. */
export function listHeaders(route: Route, { peer, headers }: Victim): Header[] {
  const common: Header[] = [['Host', `127.0.0.1:${peer.port}`], ...Object.entries(headers), ['Connection', 'close']]
  if (route === 'a session') {
    return [
      ...common.filter(([name]) => name !== 'Connection'),
      ['Connection', 'Upgrade'],
      ['Upgrade', 'websocket'],
      ['Sec-WebSocket-Version', '13'],
      ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
      ['Sec-WebSocket-Protocol', 'netgen.v1'],
    ]
  }
  if (route === 'health' || route === 'identity') return common
  return [...common, ['Content-Type', 'application/json'], ['Content-Length', String(BODIES[route].length)]]
}

const BODIES = { 'a call': 'null', 'a stream': '{"many":2}' } as const

const LINES: Readonly<Record<Route, string>> = {
  'a call': 'POST /netgen/v1/schema.greet HTTP/1.1',
  'a stream': 'POST /netgen/v1/streams.count HTTP/1.1',
  health: 'GET /netgen/v1/health HTTP/1.1',
  identity: `GET /netgen/v1/identity?challenge=${'A'.repeat(43)} HTTP/1.1`,
  'a session': 'GET /netgen/v1/session HTTP/1.1',
}

/** Sends the request for a route, with headers in place of those of the same name, or beside them where `isAdded`. */
export function sendRoute(
  victim: Victim,
  route: Route,
  changes: readonly Header[],
  isAdded = false,
): Promise<RawAnswer> {
  const changed = new Set(changes.map(([name]) => name.toLowerCase()))
  const kept = listHeaders(route, victim).filter(([name]) => isAdded || !changed.has(name.toLowerCase()))
  const lines = [...kept, ...changes].map(([name, value]) => `${name}: ${value}`)
  const body = route === 'a call' || route === 'a stream' ? BODIES[route] : ''
  return sendBytes(victim, writeHead(LINES[route], ...lines) + body)
}

/** Sends bytes, and reads what comes until the peer ends the connection or, after 101, until that has come. */
export async function sendBytes(victim: Victim, bytes: string | Buffer, host = '127.0.0.1'): Promise<RawAnswer> {
  const client = await connectRaw(victim.peer.port, host)
  client.socket.write(bytes)
  try {
    const text = await client.readUntil('HTTP/1.1 101').catch(() => client.readAll())
    return readAnswer(text)
  } finally {
    client.socket.destroy()
  }
}

function readAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const [line = '', ...lines] = head.split('\r\n')
  const headers = lines.map((header) => /^([^:]*):\s*(.*)$/.exec(header) ?? [])
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(line)?.[1]),
    headers: new Map(headers.map(([, name = '', value = '']) => [name.toLowerCase(), value])),
    body: rest.join('\r\n\r\n'),
    text,
  }
}
