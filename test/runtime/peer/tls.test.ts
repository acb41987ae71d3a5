import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type SecureVersion } from 'node:tls'
import { authorize, createPeer, netgen, type Peer, type PeerOptions, type TlsOptions } from 'netgen/runtime'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { silent } from '../behaviour/harness.js'
import { Authority } from '../make-certificates.js'

const [authority, stranger] = await Promise.all([Authority.create('notes'), Authority.create('stranger')])
const [own, foreign, elsewhere, named] = await Promise.all([
  authority.issue(['IP:127.0.0.1']),
  stranger.issue(['IP:127.0.0.1']),
  authority.issue(['IP:192.0.2.9']),
  authority.issue(['DNS:notes.example']),
])
afterAll(() => Promise.all([authority.remove(), stranger.remove()]))

const ca = authority.cert
let registry: string
let peers: Peer[]

beforeEach(async () => {
  registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
  peers = []
})
afterEach(async () => {
  await Promise.all(peers.map((peer) => peer.close()))
  await rm(registry, { recursive: true })
})

async function start(options: PeerOptions = {}): Promise<Peer> {
  const peer = await createPeer({ registry, port: 0, logger: silent, ...options })
  peers.push(peer)
  return peer
}

const pass = (caller: Peer, target: string): Promise<unknown> =>
  caller.connect(netgen).passThrough('hello', { peer: target, retryMs: 0 })
const at = (peer: Peer): string => `127.0.0.1:${peer.port}`

describe.each(['session', 'http'] as const)('peers with certificates, over %s', (transport) => {
  test('row 74: find and call each other', async () => {
    const one = await start({ tls: { ...own, ca }, transport })
    const two = await start({ tls: { ...own, ca }, transport })
    expect((await one.peers()).map(({ id }) => id)).toEqual([two.id])
    expect(await pass(one, two.id)).toBe('hello')
    expect(await pass(two, at(one))).toBe('hello')
  })

  test('may all bear one name, wherever they are', async () => {
    const tls = { ...named, ca, servername: 'notes.example', requestCert: true }
    const one = await start({ tls, transport })
    expect(await pass(await start({ tls, transport }), one.id)).toBe('hello')
  })

  test.each<[string, Partial<TlsOptions>, RegExp]>([
    ['of another authority', foreign, /: unable to verify the first certificate/],
    [
      'for another address',
      elsewhere,
      /: Hostname\/IP does not match certificate's altnames: IP: 127\.0\.0\.1 is not in/,
    ],
    ['for a name', named, /: Hostname\/IP does not match certificate's altnames: IP: 127\.0\.0\.1 is not in/],
  ])('refuse a certificate %s', async (_, theirs, problem) => {
    const there = await start({ tls: { ...own, ca, ...theirs } })
    const here = await start({ tls: { ...own, ca }, transport })
    await expect(pass(here, at(there))).rejects.toMatchObject({
      code: 'failed_precondition',
      maybeExecuted: false,
      message: expect.stringMatching(new RegExp(`^${at(there)} and this peer do not agree on TLS${problem.source}`)),
    })
    expect(await here.peers()).toEqual([])
  })

  test('refuse whoever comes with a certificate of another authority, where they ask for one', async () => {
    const there = await start({ tls: { ...own, ca, requestCert: true } })
    const here = await start({ tls: { ...foreign, ca }, transport })
    await expect(pass(here, at(there))).rejects.toMatchObject({ maybeExecuted: false })
    const friend = await start({ tls: { ...own, ca }, transport })
    expect(await pass(friend, at(there))).toBe('hello')
  })

  test('do not talk to a peer without any, nor does it to them', async () => {
    const there = await start({ tls: { ...own, ca } })
    const plain = await start({ transport })
    await expect(pass(plain, at(there))).rejects.toMatchObject({ code: 'unavailable', maybeExecuted: false })
    const here = await start({ tls: { ...own, ca }, transport })
    await expect(pass(here, at(plain))).rejects.toMatchObject({
      code: 'failed_precondition',
      maybeExecuted: false,
      message: expect.stringMatching(/^127\.0\.0\.1:\d+ and this peer do not agree on TLS: .*wrong version number/),
    })
    expect(await plain.peers()).toEqual([])
  })
})

describe('TLS', () => {
  test('is 1.2 at the least', async () => {
    const { port } = await start({ tls: { ...own, ca } })
    const agree = (version: SecureVersion): Promise<string | null> =>
      new Promise((resolve, reject) => {
        const ciphers = 'DEFAULT@SECLEVEL=0'
        const socket = connect(
          { host: '127.0.0.1', port, ca, minVersion: version, maxVersion: version, ciphers },
          () => {
            resolve(socket.getProtocol())
            socket.destroy()
          },
        )
        socket.once('error', reject)
      })
    expect(await agree('TLSv1.2')).toBe('TLSv1.2')
    expect(await agree('TLSv1.3')).toBe('TLSv1.3')
    await expect(agree('TLSv1.1')).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_SSL_|^ECONNRESET/) })
  })

  test("is checked whatever Node's own variable says", async () => {
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      const there = await start({ tls: { ...foreign, ca } })
      const here = await start({ tls: { ...own, ca } })
      await expect(pass(here, at(there))).rejects.toMatchObject({ code: 'failed_precondition' })
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
    }
  })

  test('opens to any HTTPS client that has the headers', async () => {
    const peer = await start({ tls: { ...own, ca } })
    const headers = await authorize(`https://${at(peer)}`, { registry, tls: { ca } })
    const answer = await new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: peer.port, ca, method: 'POST', path: '/netgen/v1/netgen.passThrough' }
      const sent = request({ ...options, headers: { ...headers, 'content-type': 'application/json' } }, (response) => {
        response.setEncoding('utf8').on('data', (body) => resolve([response.statusCode, body]))
      })
      sent.on('error', reject).end('"hello"')
    })
    expect(answer).toEqual([200, '"hello"'])
    await expect(authorize(`https://${at(peer)}`, { registry })).rejects.toMatchObject({ code: 'failed_precondition' })
  })
})

describe('certificates', () => {
  test.each<[unknown, string]>([
    [{}, 'option tls of createPeer needs a certificate: { cert, key }, as PEM texts'],
    [true, 'option tls of createPeer needs a certificate: { cert, key }, as PEM texts'],
    [
      { ...own, rejectUnauthorized: false },
      'option "tls.rejectUnauthorized" of createPeer is unknown: expected cert, key, ca, requestCert, servername',
    ],
    [{ ...own, serverName: 'x' }, 'option "tls.serverName" of createPeer is unknown: did you mean "servername"?'],
    [{ ...own, requestCert: 1 }, 'option tls.requestCert of createPeer is 1, expected true or false'],
    [{ ...own, servername: '' }, 'option tls.servername of createPeer is "", expected a host name'],
    [{ cert: undefined, key: undefined }, 'option tls of createPeer needs a certificate: { cert, key }, as PEM texts'],
    [{ ...own, cert: undefined }, 'option tls of createPeer has key and no cert: set both, or neither'],
    [{ cert: own.cert }, 'option tls of createPeer has cert and no key: set both, or neither'],
    [{ ...own, cert: '' }, 'option tls.cert of createPeer is something else than a certificate as a PEM text'],
    [{ ...own, cert: null }, 'option tls.cert of createPeer is something else than a certificate as a PEM text'],
    [{ ...own, key: { secret: 5 } }, 'option tls.key of createPeer is something else than a private key as a PEM text'],
    ...[5, '', [], [ca, 5], null, {}].map((wrong): [unknown, string] => [
      { ...own, ca: wrong },
      'option tls.ca of createPeer is something else than certificates of authorities as a PEM text, or a list of some',
    ]),
  ])('are refused: %#', async (tls, message) => {
    await expect(start({ tls: tls as TlsOptions })).rejects.toMatchObject({ code: 'invalid_argument', message })
  })

  test.each<[object, string]>([
    [{ certs: '' }, 'option "tls.certs" of authorize is unknown: did you mean "cert"?'],
    [{ cert: own.cert }, 'option tls of authorize has cert and no key: set both, or neither'],
    [{ requestCert: 1 }, 'option tls.requestCert of authorize is 1, expected true or false'],
    [
      { ca: 5 },
      'option tls.ca of authorize is something else than certificates of authorities as a PEM text, or a list of some',
    ],
  ])('of whoever only calls are refused in its own words: %#', async (tls, message) => {
    await expect(authorize('127.0.0.1:3010', { registry, tls })).rejects.toMatchObject({
      code: 'invalid_argument',
      message,
    })
  })

  test('that cannot be used are refused, and the key is not shown', async () => {
    await expect(start({ tls: { ...own, key: 'a secret' } })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringMatching(
        /^option tls of createPeer holds no certificates that can be used: (?!.*a secret)/,
      ),
    })
  })

  test.each<[object, string]>([
    [{ cert: './cert.pem', key: './key.pem' }, 'tls.cert and tls.key'],
    [{ ...own, key: './key.pem' }, 'tls.key'],
    [{ ...own, cert: Buffer.from('./cert.pem') }, 'tls.cert'],
    [{ ...own, ca: './ca.pem' }, 'tls.ca'],
    [{ ...own, ca: [ca, './ca.pem'] }, 'tls.ca'],
  ])('are PEM texts, and no paths: %#', async (tls, names) => {
    await expect(start({ tls: tls as TlsOptions })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: `option tls of createPeer holds no certificates that can be used: nothing in ${names} begins with -----BEGIN: give the PEM text, not a path`,
    })
  })
})
