import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPeer } from 'netgen/runtime'
import type { Client, Contestant } from '../contestant.js'
import { schema } from '../generated/schema.js'
import { work } from '../work.js'

function overNetgen(wire: string, transport: 'session' | 'http'): Contestant {
  return {
    wire,
    checks: 'ajv, ahead of time: in and out, at both ends',
    startServer: async () => {
      const registry = await mkdtemp(join(tmpdir(), 'netgen-bench-'))
      const peer = await createPeer({ registry, transport, port: 0 })
      peer.connect(schema, work)
      const close = async (): Promise<void> => {
        await peer.close()
        await rm(registry, { recursive: true })
      }
      return { address: registry, close }
    },
    createClient: async (registry): Promise<Client> => {
      const peer = await createPeer({ registry, transport, port: 0 })
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

/** As applications use it. */
export const netgenSession: Contestant = overNetgen('netgen session', 'session')

/** The same, with a request of its own for each call. */
export const netgenHttp: Contestant = overNetgen('netgen over HTTP/1.1', 'http')
