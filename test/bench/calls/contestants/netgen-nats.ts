import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPeer, type Peer } from 'netgen/runtime'
import type { Client, Contestant } from '../contestant.js'
import { schema } from '../generated/schema.js'
import { work } from '../work.js'
import { connectWhenUp, startBroker } from './nats.js'

/** A peer at a broker, with a registry of its own, which ends with it. */
async function startPeer(broker: string): Promise<{ peer: Peer; close: () => Promise<void> }> {
  const registry = await mkdtemp(join(tmpdir(), 'netgen-bench-'))
  const peer = await createPeer({ registry, engine: `nats://127.0.0.1:${broker}`, port: 0 })
  const close = async (): Promise<void> => {
    await peer.close()
    await rm(registry, { recursive: true })
  }
  return { peer, close }
}

/** Calls through the same broker as those of its floor, `nats`. */
export const netgenNats: Contestant = {
  wire: 'netgen through nats-server',
  checks: 'ajv, ahead of time: in and out, at both ends',
  startServer: async () => {
    const { port, readBrokerMicros, close: end } = await startBroker()
    await (await connectWhenUp(port)).close()
    const { peer, close } = await startPeer(port)
    peer.connect(schema, work)
    return {
      address: port,
      readBrokerMicros,
      close: async () => {
        await close()
        end()
      },
    }
  },
  createClient: async (broker): Promise<Client> => {
    const { peer, close } = await startPeer(broker)
    const [server] = await peer.peers()
    if (server === undefined) throw new Error('no peer is at the broker')
    const stub = peer.connect(schema)
    const options = { peer: server }
    return {
      add: (pair) => stub.add(pair, options),
      echoUser: (user) => stub.echoUser(user, options),
      echoStock: (stock) => stub.echoStock(stock, options),
      close,
    }
  },
}
