import { createServer } from 'node:http'
import { createClient } from '@connectrpc/connect'
import { connectNodeAdapter, createConnectTransport } from '@connectrpc/connect-node'
import { listen } from '../../calls/listen.js'
import { Bench } from '../../calls/proto/generated/bench_pb.js'
import { readShelf } from '../read-shelf.js'
import type { Service } from '../service.js'

export const connect: Service = {
  title: 'Connect-ES 2',
  startServer: () => {
    const adapter = connectNodeAdapter({
      routes: (router) => router.service(Bench, { add: async () => ({ sum: await readShelf('tea') }) }),
    })
    return listen(createServer(adapter))
  },
  connect: async (port) => {
    const transport = createConnectTransport({ httpVersion: '1.1', baseUrl: `http://127.0.0.1:${port}` })
    const client = createClient(Bench, transport)
    return { countItems: () => client.add({ a: 1, b: 2 }) }
  },
}
