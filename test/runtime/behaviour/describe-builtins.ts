import { userInfo } from 'node:os'
import { netgen, type Peer, type RemotePeer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { busy, flags, quotaReached } from '../../../fixtures/behaviour/generated/flags.js'
import { schema } from '../../../fixtures/behaviour/generated/schema.js'
import { streams } from '../../../fixtures/behaviour/generated/streams.js'
import packageJson from '../../../package.json' with { type: 'json' }
import { Handlers } from './handlers.js'
import { type Harness, silent } from './harness.js'
import { StreamHandlers } from './stream-handlers.js'

/** The connections that every peer answers, whatever carries them. */
export function describeBuiltins(name: string, createHarness: () => Promise<Harness>): void {
  describe(`built-in connections over ${name}`, () => {
    let harness: Harness
    let here: Peer
    let there: RemotePeer

    beforeEach(async () => {
      harness = await createHarness()
      here = await harness.createPeer({ logger: silent })
      const other = await harness.createPeer({ logger: silent, hub: true })
      other.connect(schema, new Handlers())
      other.connect(streams, new StreamHandlers())
      const [found] = await here.peers()
      if (found === undefined) throw new Error('expected the other peer to be found')
      there = found
    })
    afterEach(() => harness.close())

    test('info says who a peer is and what it serves', async () => {
      const info = await here.connect(netgen).info({ peer: there })
      expect(info).toMatchObject({
        ...there,
        hub: true,
        tag: 'netgen.info',
        versions: { netgen: packageJson.version, protocol: 1 },
      })
      expect(info.schemas).toEqual({ netgen: netgen.digest, schema: schema.digest, streams: streams.digest })
      expect(info.connections.map(({ tag }) => tag)).toEqual([
        'netgen.info',
        'netgen.connections',
        'netgen.passThrough',
        'netgen.null',
        ...[...schema.connections, ...streams.connections].map(({ tag }) => tag),
      ])
      expect(info.connections.find(({ tag }) => tag === 'behaviour/new name ✓')).toMatchObject({
        aliases: ['behaviour.old', 'ancient'],
        idempotent: false,
      })
    })

    test('info tells what the application says of its peer, and of the process only where that is wished', async () => {
      const told = await harness.createPeer({
        logger: silent,
        info: { version: '1.2', tags: ['a', null] },
        exposeProcess: true,
      })
      told.connect(flags)
      const stub = here.connect(netgen)
      const { info, user, executable, flags: known, events } = await stub.info({ peer: told.id })
      expect(info).toEqual({ version: '1.2', tags: ['a', null] })
      expect([user, executable]).toEqual([userInfo().username, process.execPath])
      expect(known.map(({ tag }) => tag)).toEqual([
        'netgen.NULL',
        'netgen.INVALID_CONNECTION',
        quotaReached.tag,
        busy.tag,
      ])
      expect(events).toEqual([])
      const plain = await stub.info({ peer: there })
      expect(plain.info).toEqual({})
      expect(plain).not.toHaveProperty('user')
      expect(plain).not.toHaveProperty('executable')
    })

    test('connections gives the JSON Schemas of what a peer serves', async () => {
      const connections = await here.connect(netgen).connections({ peer: there })
      expect(connections.find(({ tag }) => tag === 'schema.add')).toEqual({
        tag: 'schema.add',
        input: {
          type: 'object',
          properties: { left: { type: 'number' }, right: { type: 'number' } },
          required: ['left', 'right'],
        },
        output: { type: 'number' },
        streams: [],
        errors: {},
      })
    })

    test('connections tells which sides are streams, with the JSON Schemas of one item', async () => {
      const connections = await here.connect(netgen).connections({ peer: there })
      const described = connections.map(({ tag, ...parts }) => [tag, parts])
      const item = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
      expect(Object.fromEntries(described)).toMatchObject({
        'streams.count': { streams: ['output'], output: item },
        'streams.sum': { streams: ['input'], input: item, output: item },
        'streams.double': { streams: ['input', 'output'], input: item, output: item },
        'netgen.info': { streams: [] },
      })
    })

    test('passThrough answers what it was sent, here and there', async () => {
      const { passThrough } = here.connect(netgen)
      const value = { any: ['thing', 1, null] }
      expect(await passThrough(value, { peer: there })).toEqual(value)
      expect(await passThrough(value)).toEqual(value)
    })

    test('a peer is known by its aliases too', async () => {
      const [renamed] = schema.connections.filter((connection) => connection.name === 'renamed')
      const older = {
        ...schema,
        digest: 'older',
        connections: [{ ...renamed, tag: 'ancient', aliases: [] }],
      } as typeof schema
      expect(await here.connect(older).renamed({ peer: there })).toBe('found')
    })
  })
}
