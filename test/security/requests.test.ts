import { describe, expect, test } from 'vitest'
import { writeHead } from '../runtime/transport/http/raw-client.js'
import { ROUTES, type Route, sendBytes, sendRoute } from './send-request.js'
import { useVictim } from './use-victim.js'

const victim = useVictim()

/** What each route answers whoever may ask. */
const WELL: Readonly<Record<Route, number>> = {
  'a call': 200,
  'a stream': 200,
  health: 200,
  identity: 200,
  'a session': 101,
}

const STREAMED = ['count begins', 'count is done', 'count is closed']
const RUNS: Readonly<Record<Route, readonly string[]>> = {
  'a call': ['greet'],
  'a stream': STREAMED,
  health: [],
  identity: [],
  'a session': [],
}

const atPort = (hosts: readonly string[]): ((port: number) => string)[] =>
  hosts.map((host) => (port) => host.replace('PORT', String(port)))

describe.each(ROUTES)('%s', (route) => {
  test.each(atPort(['localhost:PORT', 'LocalHost:PORT', '127.0.0.1:PORT']))(
    'passes with a Host of its own %#',
    async (name) => {
      const { status, headers } = await sendRoute(victim(), route, [['Host', name(victim().peer.port)]])
      expect(status).toBe(WELL[route])
      expect([...headers.keys()].filter((header) => header.startsWith('access-control'))).toEqual([])
      await expect.poll(() => victim().ran).toEqual(RUNS[route])
      victim().ran.length = 0
    },
  )

  test.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1:1',
    '127.0.0.1',
    'localhost.:PORT',
    '127.0.0.1.evil.example:PORT',
    '2130706433:PORT',
    '0x7f000001:PORT',
    '127.1:PORT',
    '[::1]:PORT',
    '0.0.0.0:PORT',
    '127.0.0.1:PORT, evil.example',
    '',
  ])('is refused with 403 for the Host %j', async (host) => {
    const { peer } = victim()
    const name = host.replace('PORT', String(peer.port))
    const { status, body } = await sendRoute(victim(), route, [['Host', name]])
    expect([status, readError(body)]).toEqual([
      403,
      ['permission_denied', `host is ${JSON.stringify(name)}, expected an address of this peer`],
    ])
  })

  test('is refused for two Hosts, for none, and for an absolute target', async () => {
    const { peer } = victim()
    // Node's own answer where it knows Host to be wrong.
    const doubled = await sendRoute(victim(), route, [['Host', `127.0.0.1:${peer.port}`]], true)
    expect([400, 403]).toContain(doubled.status)
    const none = await sendBytes(victim(), writeHead(`POST /netgen/v1/schema.greet HTTP/1.1`, 'Connection: close'))
    expect(none.status).toBe(400)
    const target = `http://127.0.0.1:${peer.port}/netgen/v1/health`
    const absolute = await sendBytes(
      victim(),
      writeHead(`GET ${target} HTTP/1.1`, `Host: 127.0.0.1:${peer.port}`, 'Connection: close'),
    )
    expect([absolute.status, readError(absolute.body)]).toEqual([
      403,
      ['permission_denied', `request target ${JSON.stringify(target)} is no path`],
    ])
  })

  test.each<[string, [string, string][], string]>([
    ['a foreign Origin', [['Origin', 'https://evil.example']], 'origin "https://evil.example" is not allowed'],
    ['the Origin null', [['Origin', 'null']], 'origin "null" is not allowed'],
    [
      'two Origins',
      [
        ['Origin', 'null'],
        ['Origin', 'null'],
      ],
      'header origin stands more than once',
    ],
    ['a page of another site', [['Sec-Fetch-Site', 'cross-site']], 'requests of web pages are not allowed'],
    ['a page of the same site', [['Sec-Fetch-Site', 'same-site']], 'requests of web pages are not allowed'],
  ])('is refused with 403 for %s, and lets no page read that', async (_, headers, message) => {
    const { status, headers: told, body } = await sendRoute(victim(), route, headers)
    expect([status, readError(body)]).toEqual([403, ['permission_denied', message]])
    expect([...told.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  test.each([101, 1_000, 1_500])('is refused with 431 for %i headers', async (count) => {
    const { length } = Object.keys(victim().headers)
    const more = Array.from({ length: count - length }, (_, index): [string, string] => [`X${index}`, ''])
    expect((await sendRoute(victim(), route, more)).status).toBe(431)
  })

  test('is refused with 431 for a header of 17 KB', async () => {
    expect((await sendRoute(victim(), route, [['X', 'x'.repeat(17 * 1_024)]])).status).toBe(431)
  })
})

test('IPv6 loopback passes under its own name', async () => {
  const { port } = victim().peer
  const head = writeHead('GET /netgen/v1/health HTTP/1.1', `Host: [::1]:${port}`, 'Connection: close')
  expect((await sendBytes(victim(), head, '::1')).status).toBe(200)
})

test('a preflight of a foreign page is refused, and lets it read nothing', async () => {
  const head = writeHead(
    'OPTIONS /netgen/v1/schema.greet HTTP/1.1',
    `Host: 127.0.0.1:${victim().peer.port}`,
    'Origin: https://evil.example',
    'Access-Control-Request-Method: POST',
    'Access-Control-Request-Headers: authorization, content-type',
  )
  const { status, headers } = await sendBytes(victim(), head)
  expect(status).toBe(403)
  expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
})

// Those that a page may send without a preflight, and how browsers write them; the last is what is sent where nothing is said.
test.each<string | undefined>([
  'text/plain',
  'text/plain;charset=UTF-8',
  'text/plain; application/json',
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded;charset=UTF-8',
  'multipart/form-data',
  'multipart/form-data; boundary=----WebKitFormBoundary',
  'TEXT/PLAIN',
  'text/plain, application/json',
  'multipart/form-data; boundary=application/json',
  undefined,
])('the content type %j, which a page may send unasked, is refused with 415', async (type) => {
  for (const route of ['a call', 'a stream'] as const) {
    const { status, body } = await sendRoute(
      victim(),
      route,
      type === undefined ? [['Content-Type', '']] : [['Content-Type', type]],
    )
    expect([status, readError(body)]).toEqual([
      415,
      ['invalid_argument', `content-type is ${JSON.stringify(type ?? '')}, expected "application/json"`],
    ])
  }
})

test.each(['gzip', 'deflate', 'br', 'x-gzip', 'gzip, gzip'])('a body in %s is refused with 415', async (encoding) => {
  const { status, body } = await sendRoute(victim(), 'a call', [['Content-Encoding', encoding]])
  expect([status, readError(body)]).toEqual([
    415,
    ['invalid_argument', `content-encoding is ${JSON.stringify(encoding)}, none is allowed`],
  ])
})

test.each<[string, string]>([
  ['none', ''],
  ['one that is wrong', `Bearer ${'A'.repeat(43)}`],
  ['one of another length', 'Bearer A'],
  ['one in another scheme', 'Basic QUJD'],
])('the token %s is refused with 401', async (_, authorization) => {
  for (const route of ROUTES.filter((name) => name !== 'identity')) {
    const { status, body } = await sendRoute(victim(), route, [['Authorization', authorization]])
    expect([route, status, readError(body)]).toEqual([
      route,
      401,
      [
        'unauthenticated',
        'token is missing or wrong: `netgen token host:port` prints the headers for this peer, new ones after each start',
      ],
    ])
  }
})

describe('a request that two readers would read differently is answered with 400, closed, and takes no second one with it', () => {
  const call = (port: number, token: string, ...headers: readonly string[]): string =>
    writeHead(
      'POST /netgen/v1/schema.greet HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      `Authorization: ${token}`,
      'Content-Type: application/json',
      ...headers,
    )

  test.each<[string, readonly string[], string]>([
    ['a length and chunks', ['Content-Length: 4', 'Transfer-Encoding: chunked'], '0\r\n\r\n'],
    ['chunks and a length', ['Transfer-Encoding: chunked', 'Content-Length: 4'], '0\r\n\r\n'],
    ['two lengths', ['Content-Length: 4', 'Content-Length: 5'], 'null'],
    ['one length twice', ['Content-Length: 4', 'Content-Length: 4'], 'null'],
    ['a list of lengths', ['Content-Length: 4, 4'], 'null'],
    ['a length with a sign', ['Content-Length: +4'], 'null'],
    ['a length below zero', ['Content-Length: -1'], 'null'],
    ['a length in hexadecimal', ['Content-Length: 0x4'], 'null'],
    ['a blank before the colon', ['Content-Length : 4'], 'null'],
    ['a coding that is unknown', ['Transfer-Encoding: xchunked'], '4\r\nnull\r\n0\r\n\r\n'],
    ['chunks that are not last', ['Transfer-Encoding: chunked, identity'], '4\r\nnull\r\n0\r\n\r\n'],
    ['a chunk without a size', ['Transfer-Encoding: chunked'], 'xyz\r\nnull\r\n0\r\n\r\n'],
    ['a chunk with a sign', ['Transfer-Encoding: chunked'], '+4\r\nnull\r\n0\r\n\r\n'],
    ['a chunk whose size is endless', ['Transfer-Encoding: chunked'], `${'f'.repeat(17)}\r\nnull`],
    ['a chunk longer than it says', ['Transfer-Encoding: chunked'], '3\r\nnull\r\n0\r\n\r\n'],
    ['a NUL', ['X: a\u0000b', 'Content-Length: 4'], 'null'],
    ['a bare carriage return', ['X: a\rContent-Length: 0', 'Content-Length: 4'], 'null'],
    ['a line that goes on in the next', ['X: a\r\n b: c', ' Content-Length: 4'], 'null'],
    ['a name that is none', ['Content Length: 4'], 'null'],
  ])('with %s', async (_, headers, body) => {
    const { peer, headers: own } = victim()
    const token = own['authorization'] ?? ''
    const second = `${call(peer.port, token, 'Content-Length: 4')}null`
    const { status, text } = await sendBytes(victim(), call(peer.port, token, ...headers) + body + second)
    expect([status, text.match(/HTTP\/1\.1/g)]).toEqual([400, ['HTTP/1.1']])
  })

  test('lines that end with a line feed alone', async () => {
    const { peer, headers } = victim()
    const bytes = `${call(peer.port, headers['authorization'] ?? '', 'Content-Length: 4')}null`.replaceAll('\r\n', '\n')
    expect((await sendBytes(victim(), bytes)).status).toBe(400)
  })
})

/** The code and the message of a refusal. */
function readError(body: string): unknown[] {
  const { error } = JSON.parse(body) as { error: { code: string; message: string } }
  return [error.code, error.message]
}
