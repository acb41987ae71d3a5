import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nkeys } from '@nats-io/transport-node'
import { type NatsOptions, nats } from 'netgen/nats'
import { createPeer, netgen, type Peer, type PeerOptions } from 'netgen/runtime'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { catchError, silent } from '../runtime/behaviour/harness.js'
import { Authority, type Certificate } from '../runtime/make-certificates.js'
import { TestOperator } from './make-credentials.js'
import { type NatsServer, prepareNats, startNats } from './nats-server.js'

const problem = prepareNats()

const OTHER = Buffer.from(nkeys.createUser().getSeed()).toString()
const OTHER_PUBLIC = nkeys.fromSeed(Buffer.from(OTHER)).getPublicKey()

describe.skipIf(problem !== undefined)(problem ?? 'logging in to an engine', () => {
  const ann = nkeys.createUser()
  const seed = Buffer.from(ann.getSeed()).toString()
  const operator = new TestOperator()
  const peers: Peer[] = []
  let folder: string
  let authority: Authority
  let own: Certificate
  /** Wants certificates and nkeys. */
  let closed: NatsServer
  /** Wants credentials, and has no TLS. */
  let managed: NatsServer

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netgen-logging-in-'))
    authority = await Authority.create('authority')
    own = await authority.issue(['DNS:ann'])
    const served = await authority.issue(['IP:127.0.0.1', 'DNS:engine.example'])
    const paths = await Promise.all([
      keep('server.pem', served.cert),
      keep('server.key', served.key),
      keep('ca.pem', authority.cert),
    ])
    const [cert, key, ca] = paths.map((path) => JSON.stringify(path))
    closed = await startNats(
      `tls: { cert_file: ${cert}, key_file: ${key}, ca_file: ${ca}, verify: true }
      authorization: { users: [{ nkey: ${ann.getPublicKey()} }] }`,
    )
    managed = await startNats(operator.printConfig())
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await Promise.all(peers.splice(0).map((peer) => peer.close()))
  })
  afterAll(async () => {
    await Promise.all([closed.stop(), managed.stop(), authority.remove(), rm(folder, { recursive: true })])
  })

  async function keep(name: string, text: string): Promise<string> {
    const path = join(folder, name)
    await writeFile(path, text, { mode: 0o600 })
    return path
  }

  async function start(engine: PeerOptions['engine']): Promise<Peer> {
    const options: PeerOptions = { registry: join(folder, 'registry'), port: 0, logger: silent }
    const peer = await createPeer(engine === undefined ? options : { ...options, engine })
    peers.push(peer)
    return peer
  }

  async function expectCalls(caller: Peer, callee: Peer): Promise<void> {
    expect(await caller.connect(netgen).passThrough('tea', { peer: callee.id })).toBe('tea')
  }

  function logIn(options: Partial<NatsOptions> = {}): Promise<Peer> {
    const tls = { ca: authority.cert, ...own }
    return start(nats({ servers: closed.url.replace('nats:', 'tls:'), tls, nkeySeed: seed, ...options }))
  }

  test('takes an nkey, as a seed and in a file, and certificates of both sides', async () => {
    const tls = { ca: authority.cert, ...own, servername: 'engine.example' }
    const other = await start(nats({ servers: closed.url, tls, nkeyFile: await keep('ann.nk', `${seed}\n`) }))
    await expectCalls(await logIn(), other)
  })

  test.each<[string, () => Partial<NatsOptions>, string, string]>([
    [
      'an authority that is not known',
      () => ({ tls: own }),
      'failed_precondition',
      'has a certificate that is not trusted here, UNABLE_TO_VERIFY_LEAF_SIGNATURE: set tls.ca of nats of netgen/nats to its authority, or NODE_EXTRA_CA_CERTS',
    ],
    [
      "another server's name",
      () => ({ tls: { ca: authority.cert, ...own, servername: 'other.example' } }),
      'failed_precondition',
      'has a certificate for another name, ERR_TLS_CERT_ALTNAME_INVALID: set tls.servername of nats of netgen/nats to a name that it bears',
    ],
    [
      'no certificate',
      () => ({ tls: { ca: authority.cert } }),
      'unavailable',
      'does not answer: start it, or correct the URL; where it wants a certificate of its users, set tls of nats of netgen/nats',
    ],
    [
      'an nkey that the server does not know',
      () => ({ nkeySeed: OTHER }),
      'unauthenticated',
      `does not take the nkey ${OTHER_PUBLIC}: add it to the users of the server`,
    ],
  ])('fails with %s, and says what to do', async (_, options, code, message) => {
    const error = await catchError(logIn(options()))
    expect(error).toMatchObject({ code, message: `engine "127.0.0.1:${closed.port}" ${message}` })
  })

  test('fails where a server without TLS should have it', async () => {
    const error = await catchError(start(managed.url.replace('nats:', 'tls:')))
    expect(error).toMatchObject({
      code: 'failed_precondition',
      message: `engine "127.0.0.1:${managed.port}" offers no TLS: give it a certificate, or take nats:// and no tls to reach it without`,
    })
  })

  test('takes a credentials file, also from the environment', async () => {
    const path = await keep('ann.creds', operator.issue())
    const here = await start(nats({ servers: managed.url, credentialsFile: path }))
    vi.stubEnv('NET_ENGINE', managed.url)
    vi.stubEnv('NET_ENGINE_CREDENTIALS', path)
    await expectCalls(here, await start(undefined))
    await expectCalls(here, await start(nats({ servers: managed.url })))
  })

  test('fails with credentials that have ended, and with those of another operator', async () => {
    const endedAtMs = Math.floor(Date.now() / 1_000) * 1_000 - 60_000
    const ended = await keep('ended.creds', operator.issue(endedAtMs))
    expect(await catchError(start(nats({ servers: managed.url, credentialsFile: ended })))).toMatchObject({
      code: 'unauthenticated',
      message: `engine "127.0.0.1:${managed.port}" does not take the credentials file ${ended}: it ended at ${new Date(endedAtMs).toISOString()}, replace it`,
    })
    const foreign = await keep('foreign.creds', new TestOperator().issue())
    expect(await catchError(start(nats({ servers: managed.url, credentialsFile: foreign })))).toMatchObject({
      code: 'unauthenticated',
      message: `engine "127.0.0.1:${managed.port}" does not take the credentials file ${foreign}: its user is revoked, or its account not known there`,
    })
  })

  test('goes on with credentials that replace those which end while they are in use', async () => {
    const path = await keep('short.creds', operator.issue(Date.now() + 2_000))
    const here = await start(nats({ servers: managed.url, credentialsFile: path }))
    const other = await start(
      nats({ servers: managed.url, credentialsFile: await keep('long.creds', operator.issue()) }),
    )
    await expectCalls(other, here)
    const find = (): Promise<string> =>
      here.peers().then(
        (found) => found.map(({ id }) => id).join(),
        () => 'down',
      )
    await expect.poll(find, { timeout: 10_000 }).toBe('down')
    await rename(await keep('new.creds', operator.issue()), path)
    await expect.poll(find, { timeout: 10_000 }).toBe(other.id)
    await expectCalls(other, here)
  })

  test('comes back with the credentials it had, while their file is broken, or open to other users', async () => {
    const good = operator.issue()
    const path = await keep('changed.creds', good)
    const here = await start(nats({ servers: managed.url, credentialsFile: path }))
    const change = [
      () => keep('changed.creds', good.replace(/(\nSU[A-Z2-7]{20})[A-Z2-7]+/, '$1')),
      () => keep('changed.creds', new TestOperator().issue()).then(() => chmod(path, 0o644)),
    ]
    for (const replace of change) {
      await replace()
      const { port } = managed
      await managed.stop()
      await expect.poll(() => here.describe().engine).toMatch(/^down since /)
      managed = await startNats(operator.printConfig(), port)
      await expect.poll(() => here.describe().engine, { timeout: 10_000 }).toBe('up')
    }
  })
})
