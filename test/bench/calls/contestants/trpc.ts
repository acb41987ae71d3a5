import { createServer } from 'node:http'
import { createTRPCClient, createWSClient, httpBatchLink, httpLink, type TRPCLink, wsLink } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import { WebSocket, WebSocketServer } from 'ws'
import type { Client, Contestant } from '../contestant.js'
import { listen } from '../listen.js'
import { work } from '../work.js'
import { pair, stock, sum, user } from '../zod-schemas.js'
import { KEEP_ALIVE_MS } from './undici.js'

const { router, procedure } = initTRPC.create()

const routes = router({
  add: procedure
    .input(pair)
    .output(sum)
    .mutation(({ input }) => work.add(input)),
  echoUser: procedure
    .input(user)
    .output(user)
    .mutation(({ input }) => input),
  echoStock: procedure
    .input(stock)
    .output(stock)
    .mutation(({ input }) => input),
})

type Routes = typeof routes

const CHECKS = 'zod: in and out, at the server'

function createClient(link: TRPCLink<Routes>, close?: () => unknown): Client {
  const client = createTRPCClient<Routes>({ links: [link] })
  return {
    add: (input) => client.add.mutate(input),
    echoUser: (input) => client.echoUser.mutate(input),
    echoStock: (input) => client.echoStock.mutate(input),
    ...(close && { close }),
  }
}

const startHttp: Contestant['startServer'] = () =>
  listen(createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, createHTTPHandler({ router: routes })))

/** One request for each call. */
export const trpcHttp: Contestant = {
  wire: 'tRPC 11, httpLink',
  checks: CHECKS,
  startServer: startHttp,
  createClient: async (port) => createClient(httpLink({ url: `http://127.0.0.1:${port}` })),
}

/** One request for all calls of a tick. */
export const trpcBatch: Contestant = {
  wire: 'tRPC 11, httpBatchLink',
  checks: CHECKS,
  startServer: startHttp,
  createClient: async (port) => createClient(httpBatchLink({ url: `http://127.0.0.1:${port}` })),
}

/** All calls over one WebSocket. */
export const trpcWs: Contestant = {
  wire: 'tRPC 11, wsLink',
  checks: CHECKS,
  startServer: () => {
    const http = createServer()
    applyWSSHandler({ wss: new WebSocketServer({ server: http }), router: routes })
    return listen(http)
  },
  createClient: async (port) => {
    // ws is what tRPC names for Node, though its type is not the browser's.
    const client = createWSClient({ url: `ws://127.0.0.1:${port}`, WebSocket: WebSocket as never })
    return createClient(wsLink({ client }), () => client.close())
  },
}
