import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listPermissions } from 'netgen/nats'
import { createPeer } from 'netgen/runtime'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { DoctorCommand } from '../../generator/cli/command.js'
import { runDoctor } from '../../generator/cli/run-doctor.js'
import { type CollectingTerminal, collectTerminal } from '../generator/cli/collect-terminal.js'
import { silent } from '../runtime/behaviour/harness.js'
import { type NatsServer, prepareNats, startNats } from './nats-server.js'

const problem = prepareNats()

type Env = Readonly<Partial<Record<string, string>>>

async function diagnose(
  options: Partial<DoctorCommand>,
  env: Env = {},
): Promise<{ code: number } & Pick<CollectingTerminal, 'data' | 'messages'>> {
  const terminal = collectTerminal('/')
  const code = await runDoctor(
    { is: 'doctor', permissions: false, durable: false, json: false, ...options },
    env,
    terminal,
  )
  return { code, data: terminal.data, messages: terminal.messages }
}

describe.skipIf(problem !== undefined)(problem ?? 'netgen doctor', () => {
  let store: string
  let server: NatsServer
  let url: string
  let monitoring: string

  beforeAll(async () => {
    store = await mkdtemp(join(tmpdir(), 'netgen-doctor-'))
    const users = [
      { user: 'root', password: 'root' },
      { user: 'ann', password: 'ann', permissions: listPermissions('notes') },
    ]
    // Port 0 would be none: whoever listens there now is gone when the server does.
    const free = await createPeer({ registry: join(store, 'registry'), port: 0, logger: silent })
    await free.close()
    monitoring = `http://127.0.0.1:${free.port}`
    server = await startNats(
      `http: 127.0.0.1:${free.port}
      jetstream: { store_dir: ${JSON.stringify(store)} }
      authorization: { users: ${JSON.stringify(users)} }`,
    )
    url = server.url.replace('//', '//root:root@')
  })
  afterAll(async () => {
    await server.stop()
    await rm(store, { recursive: true })
  })

  test('says in words what an engine is, and what is promised with it', async () => {
    const { code, data, messages } = await diagnose({ engine: url, monitoring })
    expect([code, messages]).toEqual([0, []])
    const [first, ...others] = data
    expect(first).toMatch(/^nats-server \d+\.\d+\.\d+ answers at 127\.0\.0\.1:\d+, in \d+\.\d ms$/)
    expect(others).toEqual([
      'it is in no cluster',
      'a message may have 5 MiB',
      'this user may do what a peer of group "default" needs',
      'JetStream holds nothing, and may hold as much as its server can',
      expect.stringMatching(/^what it has acknowledged is on its disk within 2 min/),
      "its clock is this machine's",
      'promised: a call that may have run says so when it fails; live events arrive at most once, and gaps are told',
      'promised: an acknowledged durable event survives the kill of any process: of publisher, subscriber and server',
      'promised: it does not survive a power loss of a single server that has not written it to its disk yet',
      'promised: it does not survive the loss of the disk: three servers and three replicas of each stream do',
    ])
  })

  test('prints one JSON document, without a password', async () => {
    const { code, data, messages } = await diagnose({ json: true, group: 'notes' }, { NET_ENGINE: url })
    expect([code, messages, data.length]).toEqual([0, [], 1])
    expect(JSON.parse(data[0] ?? '')).toMatchObject({
      ok: true,
      problems: [],
      findings: { missing: [], maxPayloadBytes: 5 * 1_024 ** 2, jetStream: { isThere: true, streams: 0 } },
    })
    expect(data.join()).not.toContain('root')
  })

  test('exits with 1 where the user lacks what a peer of the group needs, and names it', async () => {
    const engine = server.url.replace('//', '//ann:ann@')
    const { code, data, messages } = await diagnose({ engine }, { NET_GROUP: 'others' })
    expect(code).toBe(1)
    expect(messages).toContain('netgen: this user may not publish to ng.others.beat: permit ng.others.> to it')
    expect(messages).toContain('netgen: this user may not hear ng.others.beat: permit ng.others.> to it')
    expect(data).toContain('there is no JetStream for this user: this user may not publish to $JS.API.INFO')
    expect(data).toContain(
      'promised: no durable events: they need JetStream: permit it to this user, as `netgen doctor --group others --permissions --durable` prints it',
    )
    const own = await diagnose({ engine, group: 'notes' })
    expect([own.code, own.messages]).toEqual([0, []])
  })

  test.each<[string, Partial<DoctorCommand>, number, RegExp]>([
    [
      'nobody answers',
      { engine: 'nats://127.0.0.1:9' },
      1,
      /^netgen: engine "127\.0\.0\.1:9" does not answer: start it, or correct the URL$/,
    ],
    [
      'the URL is none',
      { engine: 'localhost' },
      2,
      /^netgen: option servers of nats has "localhost", expected a URL such as nats:\/\/localhost:4222$/,
    ],
  ])('exits where %s', async (_, options, code, message) => {
    const found = await diagnose(options)
    expect(found).toMatchObject({ code, data: [], messages: [expect.stringMatching(message)] })
  })

  test('exits with 1 where nobody is let in, or no monitoring port answers', async () => {
    const closed = await diagnose({ engine: server.url, json: true })
    expect([closed.code, JSON.parse(closed.data[0] ?? '')]).toEqual([
      1,
      {
        ok: false,
        problems: [
          `engine "127.0.0.1:${server.port}" does not let this peer in: name its user in the URL, or its credentials to nats of netgen/nats`,
        ],
      },
    ])
    const { code, messages } = await diagnose({ engine: url, monitoring: 'http://127.0.0.1:9' })
    expect([code, messages]).toEqual([
      1,
      [
        'netgen: no monitoring port answers at "http://127.0.0.1:9": start nats-server with -m 8222, or correct the URL',
      ],
    ])
  })
})

test('netgen doctor says without an engine whether a peer starts here', async () => {
  const registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
  vi.stubEnv('NET_REGISTRY', registry)
  vi.stubEnv('NET_PORT_START', '3500')
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    await rm(registry, { recursive: true, force: true })
  })
  const other = await createPeer({ registry, port: 0, logger: silent })
  expect(await diagnose({ monitoring: 'http://127.0.0.1:9' })).toEqual({
    code: 2,
    data: [],
    messages: [
      'netgen: option "--monitoring" needs an engine: name it, as in `netgen doctor nats://localhost:4222`, or NET_ENGINE',
    ],
  })
  expect((await diagnose({ group: 'others' })).data).toContain('it finds 0 other peers of group "others"')
  const well = await diagnose({})
  await other.close()
  expect(well).toEqual({
    code: 0,
    messages: [],
    data: [
      `a peer starts here, with Node ${process.versions.node}`,
      expect.stringMatching(
        /^it listens at 127\.0\.0\.1:\d+, the first free one of 3500, 3501, 3502, 3503, 3504, 3505, and then any$/,
      ),
      'it finds one other peer of group "default"',
      'note: no engine is named: `netgen doctor nats://localhost:4222`, or NET_ENGINE, looks at one',
    ],
  })
  await chmod(registry, 0o755)
  expect(await diagnose({})).toEqual({
    code: 1,
    data: [],
    messages: [`netgen: registry folder ${registry} is open to other users: run chmod 700 on it`],
  })
})

test('netgen doctor prints what a server has to permit to a user of a group', async () => {
  const { code, data } = await diagnose({ permissions: true }, { NET_GROUP: 'a group' })
  expect([code, data]).toEqual([
    0,
    [
      `permissions: {
  publish: ["ng.~YSBncm91cA.>","_INBOX.>"]
  subscribe: ["ng.~YSBncm91cA.>","$SRV.PING","$SRV.INFO","$SRV.STATS","$SRV.*.netgen-a_group-7058b14e","$SRV.*.netgen-a_group-7058b14e.*"]
}`,
    ],
  ])
  const json = await diagnose({ permissions: true, json: true, group: 'notes' })
  expect(JSON.parse(json.data[0] ?? '')).toEqual(listPermissions('notes'))
  const durable = await diagnose({ permissions: true, durable: true, json: true, group: 'notes' })
  expect(JSON.parse(durable.data[0] ?? '')).toEqual({
    publish: [
      'ng.notes.>',
      '_INBOX.>',
      '$JS.API.INFO',
      '$JS.API.STREAM.INFO.ng_notes',
      '$JS.API.STREAM.CREATE.ng_notes',
      '$JS.API.STREAM.INFO.ngdead_notes',
      '$JS.API.STREAM.CREATE.ngdead_notes',
      '$JS.API.CONSUMER.CREATE.ng_notes.>',
      '$JS.API.CONSUMER.DURABLE.CREATE.ng_notes.>',
      '$JS.API.CONSUMER.INFO.ng_notes.>',
      '$JS.API.CONSUMER.DELETE.ng_notes.>',
      '$JS.API.CONSUMER.MSG.NEXT.ng_notes.>',
      '$JS.ACK.ng_notes.>',
    ],
    subscribe: ['ng.notes.>', '$SRV.PING', '$SRV.INFO', '$SRV.STATS', '$SRV.*.netgen-notes', '$SRV.*.netgen-notes.*'],
  })
})
