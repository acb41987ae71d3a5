import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPeer, type Peer, type PeerOptions } from 'netgen/runtime'
import type { Client, Contestant } from '../contestant.js'
import { schema } from '../generated/schema.js'
import { importNetgen } from '../netgen-parts.js'
import { work } from '../work.js'

type CreatePeer = (options: PeerOptions & { registry: string }) => Promise<Peer>

function overNetgen(wire: string, create: CreatePeer): Contestant {
  return {
    wire,
    checks: 'ajv, ahead of time: in and out, at both ends',
    startServer: async () => {
      const registry = await mkdtemp(join(tmpdir(), 'netgen-bench-'))
      const peer = await create({ registry, port: 0 })
      peer.connect(schema, work)
      const close = async (): Promise<void> => {
        await peer.close()
        await rm(registry, { recursive: true })
      }
      return { address: registry, close }
    },
    createClient: async (registry): Promise<Client> => {
      const peer = await create({ registry, port: 0 })
      const [server] = await peer.peers()
      if (server === undefined) throw new Error(`no peer is in ${registry}`)
      const stub = peer.connect(schema)
      const options = { peer: server }
      return {
        add: (pair) => stub.add(pair, options),
        echoUser: (user) => stub.echoUser(user, options),
        echoStock: (stock) => stub.echoStock(stock, options),
        close: () => peer.close(),
      }
    },
  }
}

/** A peer whose calls go over HTTP, each in a request of its own. */
async function createHttpPeer(options: PeerOptions & { registry: string }): Promise<Peer> {
  const {
    startPeer,
    HttpTransport,
    LocalProvider,
    Trust,
    openRegistryFolder,
    readSettings,
    readEnvironment,
    readSharedSecret,
  } = await importNetgen()
  const settings = readSettings(options, readEnvironment({}))
  const { secretPath, peersPath } = await openRegistryFolder(options.registry)
  const trust = new Trust(await readSharedSecret(secretPath))
  const { port, logger } = settings
  return startPeer(settings, {
    id: randomBytes(8).toString('hex'),
    transport: new HttpTransport({ trust, port, logger }),
    provider: new LocalProvider(peersPath, logger),
  })
}

/** As applications use it. */
export const netgenSession: Contestant = overNetgen('netgen session', createPeer)

/** The same stubs over plain HTTP. */
export const netgenHttp: Contestant = overNetgen('netgen over HTTP/1.1', createHttpPeer)
