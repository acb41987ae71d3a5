import type { Target } from '../target/start-target.js'
import { INPUTS } from './bodies.js'

/** Whole requests that the target answers. */
export function createRequests({ port, token, id }: Target): Buffer[] {
  const place = [`host: 127.0.0.1:${port}`, `authorization: Bearer ${token}`]
  const calls = INPUTS.flatMap(([tag, inputs]) =>
    inputs.map((input) => {
      const body = JSON.stringify(input)
      const sizes = ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`]
      const more = [
        `netgen-target: ${id}`,
        'netgen-caller: 0123456789abcdef',
        'netgen-caller-group: notes',
        'netgen-timeout-ms: 1000',
      ]
      return write([`POST /netgen/v1/${tag} HTTP/1.1`, ...place, ...sizes, ...more], body)
    }),
  )
  const metadata = Buffer.from(JSON.stringify({ a: 'b' })).toString('base64url')
  const other = [
    write(['GET /netgen/v1/health HTTP/1.1', ...place]),
    write([`GET /netgen/v1/identity?challenge=${'A'.repeat(43)} HTTP/1.1`, `host: localhost:${port}`]),
    write(
      [`POST /netgen/v1/bmV0Z2VuLmluZm8 HTTP/1.1`, ...place, 'content-type: application/json', 'content-length: 4'],
      'null',
    ),
    write(
      [
        'POST /netgen/v1/schema.count HTTP/1.1',
        ...place,
        'content-type: application/json; charset=utf-8',
        'transfer-encoding: chunked',
        'netgen-call-id: abc.1',
        `netgen-metadata: ${metadata}`,
        'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      ],
      '1\r\n7\r\n0\r\n\r\n',
    ),
    write(writeUpgrade(port, token, id)),
  ]
  return [...calls, ...other, Buffer.concat(calls)]
}

/** The head of a request for a session, without what ends it. */
export function writeUpgrade(port: number, token: string, id: string): string[] {
  return [
    'GET /netgen/v1/session HTTP/1.1',
    `host: 127.0.0.1:${port}`,
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-protocol: netgen.v1',
    `authorization: Bearer ${token}`,
    `netgen-target: ${id}`,
  ]
}

/** A request's bytes. */
export function write(head: readonly string[], body = ''): Buffer {
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
}

/** What belongs to HTTP, and where its readers disagree. */
export const HTTP_WORDS: readonly string[] = [
  '\r\n',
  '\n',
  '\r',
  '\r\n\r\n',
  ' ',
  '\t',
  '\0',
  ':',
  'HTTP/1.0',
  'HTTP/2.0',
  'PUT ',
  'CONNECT ',
  'POST http://127.0.0.1/ HTTP/1.1\r\n',
  'Content-Length: 0\r\n',
  'content-length: 18446744073709551616\r\n',
  'content-length: -1\r\n',
  'Transfer-Encoding: chunked\r\n',
  'transfer-encoding: identity, chunked\r\n',
  'ffffffffffffffff\r\n',
  '0;x=y\r\n',
  'expect: 100-continue\r\n',
  'connection: close\r\n',
  'connection: upgrade\r\nupgrade: websocket\r\n',
  'upgrade: h2c\r\n',
  'host: evil.example\r\n',
  'origin: null\r\n',
  'content-encoding: gzip\r\n',
  'netgen-timeout-ms: 1e309\r\n',
  'netgen-caller-group: %ff%fe\r\n',
  'netgen-metadata: e30\r\n',
  'x: \r\n y\r\n',
  '%00',
  '/../',
  '?challenge=',
  '\u00ff',
]
