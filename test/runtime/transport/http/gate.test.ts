import { describe, expect, test, vi } from 'vitest'
import { checkHead, type GateRules } from '../../../../runtime/transport/http/gate.js'
import { ReceivedHeaders } from '../../../../runtime/transport/http/received-headers.js'
import { VERSION } from '../../../../runtime/version.js'

const rules: GateRules = {
  hosts: new Set(['127.0.0.1:3010', '[::1]:3010', 'localhost:3010']),
  origins: new Set(['https://notes.example']),
  isToken: (token) => token === 'right',
}

type Headers = readonly (readonly [name: string, value: string])[]

const good: Headers = [
  ['Host', '127.0.0.1:3010'],
  ['Content-Type', 'application/json'],
  ['Authorization', 'Bearer right'],
]

const without = (name: string): Headers => good.filter(([known]) => known !== name)
const having = (name: string, value: string): Headers => [...without(name), [name, value]]
const twice = (name: string, value: string): Headers => [...having(name, value), [name.toLowerCase(), value]]

function check(headers: Headers, url = '/netgen/v1/notes.save', method = 'POST') {
  return checkHead({ method, url, known: new ReceivedHeaders(headers.flat()) }, rules)
}

const TOKEN_NEEDED =
  'token is missing or wrong: `netgen token host:port` prints the headers for this peer, new ones after each start'
const refusal = (status: number, code: string, message: string) => ({ status, code, message })
const host = (value: string) => refusal(403, 'permission_denied', `host is ${value}, expected an address of this peer`)

describe('a call passes', () => {
  test('with its segment and its headers, by lower-case name', () => {
    const route = check([...good, ['Netgen-Target', 'abc']])
    expect(route).toMatchObject({ kind: 'call', segment: 'notes.save' })
    const names = ['host', 'content-type', 'authorization', 'netgen-target', 'origin']
    expect('headers' in route && names.map((name) => route.headers.get(name))).toEqual([
      '127.0.0.1:3010',
      'application/json',
      'Bearer right',
      'abc',
      undefined,
    ])
  })

  test.each<[string, Headers]>([
    ['localhost', having('Host', 'localhost:3010')],
    ['localhost in any case', having('Host', 'LocalHost:3010')],
    ['IPv6', having('Host', '[::1]:3010')],
    ['charset', having('Content-Type', 'application/json;charset=utf-8')],
    ['charset with blanks, quotes and case', having('Content-Type', 'Application/JSON ; Charset="UTF-8"')],
    ['no encoding', having('Content-Encoding', 'identity')],
    ['a request that no page made', having('Sec-Fetch-Site', 'none')],
    ['100 headers', [...good, ...Array.from({ length: 97 }, (_, index) => [`x-${index}`, ''] as const)]],
    ['a header twice that decides nothing', twice('Accept', '*/*')],
  ])('%s', (_, headers) => {
    expect(check(headers)).toMatchObject({ kind: 'call' })
  })
})

describe('a header that is a list', () => {
  test.each(['tracestate', 'baggage'])('may stand in several parts: %s', (name) => {
    const route = check([...good, [name, 'a=1'], ['X', 'y'], [name.toUpperCase(), 'b=2, c=3']])
    expect('headers' in route && route.headers.get(name)).toBe('a=1,b=2, c=3')
  })
})

describe('Host', () => {
  test.each([
    'evil.example',
    'evil.example:3010',
    '127.0.0.1',
    '127.0.0.1:3011',
    'localhost.:3010',
    'localhost',
    '127.0.0.1.evil.example:3010',
    '2130706433:3010',
    '0x7f.1:3010',
    '0.0.0.0:3010',
    '::1:3010',
    '[::1]',
    '127.0.0.1:3010@evil.example',
    'user@127.0.0.1:3010',
    '127.0.0.1:03010',
    '',
  ])('%j is refused', (value) => {
    expect(check(having('Host', value))).toEqual(host(JSON.stringify(value)))
  })

  test('is needed, and stands once', () => {
    expect(check(without('Host'))).toEqual(host('undefined'))
    const doubled = refusal(403, 'permission_denied', 'header host stands more than once')
    expect(check(twice('Host', '127.0.0.1:3010'))).toEqual(doubled)
    expect(check([['Host', 'evil.example'], ...good])).toEqual(doubled)
  })

  test.each(['http://evil.example/netgen/v1/notes.save', 'http://127.0.0.1:3010/netgen/v1/notes.save', '*', ''])(
    'the target %j is no path',
    (url) => {
      expect(check(good, url)).toEqual(
        refusal(403, 'permission_denied', `request target ${JSON.stringify(url)} is no path`),
      )
    },
  )
})

describe('a web page', () => {
  const pages = refusal(403, 'permission_denied', 'requests of web pages are not allowed')

  test.each<[string, Headers, object]>([
    [
      'of another origin',
      having('Origin', 'https://evil.example'),
      refusal(403, 'permission_denied', 'origin "https://evil.example" is not allowed'),
    ],
    ['of origin null', having('Origin', 'null'), refusal(403, 'permission_denied', 'origin "null" is not allowed')],
    [
      "of the peer's own origin",
      having('Origin', 'http://127.0.0.1:3010'),
      refusal(403, 'permission_denied', 'origin "http://127.0.0.1:3010" is not allowed'),
    ],
    [
      'of two origins',
      twice('Origin', 'null'),
      refusal(403, 'permission_denied', 'header origin stands more than once'),
    ],
    ['of another site', having('Sec-Fetch-Site', 'cross-site'), pages],
    ['of the same site', having('Sec-Fetch-Site', 'same-site'), pages],
    ['of the same origin', having('Sec-Fetch-Site', 'same-origin'), pages],
    [
      'that hides its site behind another header',
      [...having('Sec-Fetch-Site', 'cross-site'), ['Sec-Fetch-Site', 'none']],
      refusal(403, 'permission_denied', 'header sec-fetch-site stands more than once'),
    ],
  ])('%s is refused', (_, headers, want) => {
    expect(check(headers)).toEqual(want)
    expect(check(headers, '/netgen/v1/identity', 'GET')).toEqual(want)
    expect(check(headers, '/netgen/v1/notes.save', 'OPTIONS')).toEqual(want)
  })
})

describe('a web page of a configured origin', () => {
  const origin = 'https://notes.example'
  const page: Headers = [...having('Origin', origin), ['Sec-Fetch-Site', 'cross-site']]

  test('may call, and may read refusals, but needs all else as anybody does', () => {
    expect(check(page)).toMatchObject({ kind: 'call', origin })
    expect(check(page, '/netgen/v1/health', 'GET')).toEqual({ kind: 'health', isTrusted: true, origin })
    expect(check(page, '/netgen/v1/notes.save', 'OPTIONS')).toEqual({ kind: 'preflight', origin })
    const [, ...withoutHost] = page
    expect(check(withoutHost)).toEqual(host('undefined'))
    expect(check([...page.filter(([name]) => name !== 'Authorization')])).toEqual({
      ...refusal(401, 'unauthenticated', TOKEN_NEEDED),
      origin,
    })
    expect(check([...page.filter(([name]) => name !== 'Content-Type')])).toMatchObject({ status: 415, origin })
  })

  test.each([
    'https://notes.example.evil.example',
    'http://notes.example',
    'https://notes.example:8443',
    'https://NOTES.example',
    'https://notes.example/',
    'https://sub.notes.example',
    'https://notes.example, https://notes.example',
    '',
  ])('is not one of %j', (other) => {
    const want = refusal(403, 'permission_denied', `origin ${JSON.stringify(other)} is not allowed`)
    expect(check(having('Origin', other))).toEqual(want)
    expect(check(having('Origin', other), '/netgen/v1/notes.save', 'OPTIONS')).toEqual(want)
  })

  test('says so once', () => {
    expect(check([...page, ['Origin', origin]])).toEqual(
      refusal(403, 'permission_denied', 'header origin stands more than once'),
    )
  })

  test('is not asked about anything but netgen', () => {
    expect(check(page, '/', 'OPTIONS')).toMatchObject({ status: 404 })
  })
})

describe('the content type', () => {
  test.each([
    'text/plain',
    'text/plain;charset=UTF-8',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/html',
    'application/xml',
    'application/jsonp',
    'application/json, text/plain',
    'text/plain; application/json',
    'application/json; charset=utf-16',
    'application/json; charset=utf-8; x=1',
    'application/json;',
    'text/json',
    '',
  ])('%j is refused', (type) => {
    expect(check(having('Content-Type', type))).toEqual(
      refusal(415, 'invalid_argument', `content-type is ${JSON.stringify(type)}, expected "application/json"`),
    )
  })

  test('is needed, stands once, and names no encoding', () => {
    expect(check(without('Content-Type'))).toEqual(
      refusal(415, 'invalid_argument', 'content-type is undefined, expected "application/json"'),
    )
    expect(check(twice('Content-Type', 'application/json'))).toEqual(
      refusal(403, 'permission_denied', 'header content-type stands more than once'),
    )
    for (const encoding of ['gzip', 'br', 'deflate', 'gzip, identity', '']) {
      expect(check(having('Content-Encoding', encoding))).toEqual(
        refusal(415, 'invalid_argument', `content-encoding is ${JSON.stringify(encoding)}, none is allowed`),
      )
    }
  })
})

describe('the token', () => {
  test.each([
    '',
    'Bearer',
    'Bearer ',
    'Bearer wrong',
    'bearer right',
    'Basic right',
    'Bearer right ',
    'right',
    'Bearer a b',
  ])('as %j is refused', (value) => {
    const want = refusal(401, 'unauthenticated', TOKEN_NEEDED)
    expect(check(having('Authorization', value))).toEqual(want)
  })

  test('is needed, and stands once', () => {
    expect(check(without('Authorization'))).toEqual(refusal(401, 'unauthenticated', TOKEN_NEEDED))
    expect(check(twice('Authorization', 'Bearer right'))).toEqual(
      refusal(403, 'permission_denied', 'header authorization stands more than once'),
    )
  })
})

describe('the number of headers', () => {
  test.each([101, 1_000, 1_500])('%i are refused, and no secret of the rest is looked at', (count) => {
    const isToken = vi.fn(() => true)
    const rawHeaders = Array.from({ length: count }, (_, index) => [`x-${index}`, '']).flat()
    expect(
      checkHead({ method: 'POST', url: '/netgen/v1/x', known: new ReceivedHeaders(rawHeaders) }, { ...rules, isToken }),
    ).toEqual(refusal(431, 'resource_exhausted', 'request has more than 100 headers'))
    expect(isToken).not.toHaveBeenCalled()
  })

  test.each([
    'content-length',
    'netgen-target',
    'netgen-caller',
    'netgen-caller-group',
    'netgen-timeout-ms',
    'netgen-call-id',
    'netgen-metadata',
    'traceparent',
  ])('%s stands once', (name) => {
    expect(check(twice(name, '1'))).toEqual(refusal(403, 'permission_denied', `header ${name} stands more than once`))
  })
})

describe('the id of a call', () => {
  test.each(['6f1c', 'c0a80101-7f3e-4a6b-9a55-2f1de5b3a1c7', 'A_z.9', 'x'.repeat(64)])('%j passes', (id) => {
    expect(check([...good, ['Netgen-Call-Id', id]])).toMatchObject({ kind: 'call' })
  })

  test.each(['', 'a b', 'ä', '"a"', 'x'.repeat(65)])('%j is refused', (id) => {
    const message = `netgen-call-id is ${JSON.stringify(id)}, expected 1 to 64 of A-Za-z0-9_.-`
    expect(check([...good, ['Netgen-Call-Id', id]])).toEqual(refusal(400, 'invalid_argument', message))
  })
})

describe('path and method', () => {
  test.each(['/', '/netgen/v1/', '/netgen/v1', '/netgen/v2/x', '/netgen/v1/a/b', '/NETGEN/v1/x', '//netgen/v1/x'])(
    '%j leads nowhere',
    (path) => {
      expect(check(good, path)).toEqual(
        refusal(404, 'not_found', `path ${JSON.stringify(path)} is unknown: calls go to /netgen/v1/<tag>`),
      )
    },
  )

  test.each(['GET', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'TRACE'])('%s is no call', (method) => {
    expect(check(good, '/netgen/v1/notes.save', method)).toEqual(
      refusal(405, 'unimplemented', `method ${method} is not allowed: calls go by POST`),
    )
  })

  test('a query is no part of the tag', () => {
    expect(check(good, '/netgen/v1/notes.save?a/b')).toMatchObject({ segment: 'notes.save' })
  })

  test('identity needs no token, and a challenge of 32 bytes', () => {
    const headers = [['Host', 'localhost:3010']] as const
    const challenge = 'x'.repeat(43)
    const ask = (query: string) => check(headers, `/netgen/v1/identity${query}`, 'GET')
    expect(ask(`?challenge=${challenge}`)).toEqual({ kind: 'identity', challenge })
    expect(ask('')).toEqual(refusal(400, 'invalid_argument', 'challenge is undefined, expected 32 bytes in base64url'))
    for (const wrong of ['short', `${challenge}x`, `${challenge.slice(1)}=`]) {
      const message = `challenge is "${wrong}", expected 32 bytes in base64url`
      expect(ask(`?challenge=${wrong}`)).toEqual(refusal(400, 'invalid_argument', message))
    }
  })
})

test('the checks come in this order: Host, Origin, page, path, method, content type, token', () => {
  const bad: Headers = [
    ['Host', 'evil.example'],
    ['Origin', 'null'],
    ['Sec-Fetch-Site', 'cross-site'],
    ['Content-Type', 'text/plain'],
  ]
  const mend = (count: number): Headers => [...bad.slice(count), ...(count > 0 ? [good[0] ?? ['', '']] : [])] as Headers
  const statuses = [
    check(bad, '/x', 'GET'),
    check(mend(1), '/x', 'GET'),
    check(mend(2), '/x', 'GET'),
    check(mend(3), '/x', 'GET'),
    check(mend(3), '/netgen/v1/x', 'GET'),
    check(mend(3)),
    check([...mend(4), ['Content-Type', 'application/json']]),
  ]
  expect(statuses.map((found) => ('message' in found ? found.message.split(' ')[0] : found))).toEqual([
    'host',
    'origin',
    'requests',
    'path',
    'method',
    'content-type',
    'token',
  ])
})

describe('a session', () => {
  const open = (protocol: string) =>
    check(
      [...without('Content-Type'), ['Upgrade', 'websocket'], ['Sec-WebSocket-Protocol', protocol]],
      '/netgen/v1/session',
      'GET',
    )

  test.each(['netgen.v1', 'netgen.v2, netgen.v1', 'chat,netgen.v1'])('passes with the subprotocol %s', (protocol) => {
    expect(open(protocol)).toMatchObject({ kind: 'session' })
  })

  test('is refused where only other versions are offered, with both named', () => {
    expect(open('netgen.v2, netgen.v3')).toEqual(
      refusal(
        426,
        'failed_precondition',
        `this peer speaks "netgen.v1" (netgen "${VERSION}"), and was offered "netgen.v2, netgen.v3": update netgen on the older of the two`,
      ),
    )
  })

  test('is refused where no version is offered', () => {
    expect(open('chat')).toEqual(
      refusal(426, 'invalid_argument', 'a session is a WebSocket of the protocol "netgen.v1"'),
    )
  })
})
