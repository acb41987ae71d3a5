import { createServer } from 'node:http'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import { os, type RouterClient } from '@orpc/server'
import { RPCHandler } from '@orpc/server/node'
import { z } from 'zod'
import { listen } from '../../calls/listen.js'
import { readShelf } from '../read-shelf.js'
import type { Service } from '../service.js'

const router = { countItems: os.input(z.string()).handler(({ input }) => readShelf(input)) }

export const orpc: Service = {
  title: 'oRPC, HTTP',
  startServer: () => {
    const handler = new RPCHandler(router)
    return listen(createServer((request, response) => void handler.handle(request, response, { context: {} })))
  },
  connect: async (port) => {
    const client: RouterClient<typeof router> = createORPCClient(new RPCLink({ url: `http://127.0.0.1:${port}` }))
    return { countItems: (item) => client.countItems(item) }
  },
}
