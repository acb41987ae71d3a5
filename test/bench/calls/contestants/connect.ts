import { Agent, createServer } from 'node:http'
import { createClient } from '@connectrpc/connect'
import { connectNodeAdapter, createConnectTransport } from '@connectrpc/connect-node'
import type { Contestant } from '../contestant.js'
import { listen } from '../listen.js'
import { Bench } from '../proto/generated/bench_pb.js'
import { KEEP_ALIVE_MS } from './undici.js'

/** Connect's own protocol with JSON, as a browser would use it. */
export const connect: Contestant = {
  wire: 'Connect-ES 2, HTTP/1.1, JSON',
  checks: 'protobuf decoding',
  startServer: () => {
    const adapter = connectNodeAdapter({
      routes: (router) => {
        router.service(Bench, {
          add: ({ a, b }) => ({ sum: a + b }),
          echoUser: (user) => user,
          echoStock: (stock) => stock,
        })
      },
    })
    return listen(createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, adapter))
  },
  createClient: async (port) => {
    const client = createClient(
      Bench,
      createConnectTransport({
        httpVersion: '1.1',
        baseUrl: `http://127.0.0.1:${port}`,
        useBinaryFormat: false,
        nodeOptions: { agent: new Agent({ keepAlive: true }) },
      }),
    )
    return {
      add: (pair) => client.add(pair),
      echoUser: (user) => client.echoUser(user),
      echoStock: (stock) => client.echoStock(stock),
    }
  },
}
