import { createServer } from 'node:http'
import { createTRPCClient, httpLink } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { z } from 'zod'
import { listen } from '../../calls/listen.js'
import { readShelf } from '../read-shelf.js'
import type { Service } from '../service.js'

const { router, procedure } = initTRPC.create()
const routes = router({ countItems: procedure.input(z.string()).mutation(({ input }) => readShelf(input)) })

export const trpc: Service = {
  title: 'tRPC 11, httpLink',
  startServer: () => listen(createServer(createHTTPHandler({ router: routes }))),
  connect: async (port) => {
    const client = createTRPCClient<typeof routes>({ links: [httpLink({ url: `http://127.0.0.1:${port}` })] })
    return { countItems: (item) => client.countItems.mutate(item) }
  },
}
