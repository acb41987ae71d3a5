import { createServer } from 'node:http'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import { RPCLink as WebSocketLink } from '@orpc/client/websocket'
import { os, type RouterClient } from '@orpc/server'
import { RPCHandler } from '@orpc/server/node'
import { RPCHandler as WebSocketHandler } from '@orpc/server/ws'
import { WebSocketServer } from 'ws'
import type { Client, Contestant } from '../contestant.js'
import { listen } from '../listen.js'
import { work } from '../work.js'
import { pair, stock, sum, user } from '../zod-schemas.js'
import { KEEP_ALIVE_MS } from './undici.js'
import { dialWebSocket } from './ws.js'

const router = {
  add: os
    .input(pair)
    .output(sum)
    .handler(({ input }) => work.add(input)),
  echoUser: os
    .input(user)
    .output(user)
    .handler(({ input }) => input),
  echoStock: os
    .input(stock)
    .output(stock)
    .handler(({ input }) => input),
}

const CHECKS = 'zod: in and out, at the server'

function toClient(client: RouterClient<typeof router>, close?: () => unknown): Client {
  return {
    add: (input) => client.add(input),
    echoUser: (input) => client.echoUser(input),
    echoStock: (input) => client.echoStock(input),
    ...(close && { close }),
  }
}

/** One request for each call. */
export const orpcHttp: Contestant = {
  wire: 'oRPC, HTTP',
  checks: CHECKS,
  startServer: () => {
    const handler = new RPCHandler(router)
    return listen(
      createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
        void handler.handle(request, response, { context: {} })
      }),
    )
  },
  createClient: async (port) => toClient(createORPCClient(new RPCLink({ url: `http://127.0.0.1:${port}` }))),
}

/** All calls over one WebSocket. */
export const orpcWs: Contestant = {
  wire: 'oRPC, WebSocket',
  checks: CHECKS,
  startServer: () => {
    const http = createServer()
    const handler = new WebSocketHandler(router)
    new WebSocketServer({ server: http }).on('connection', (socket) => {
      void handler.upgrade(socket, { context: {} })
    })
    return listen(http)
  },
  createClient: async (port) => {
    const socket = await dialWebSocket(port)
    const link = new WebSocketLink({ websocket: socket as never })
    return toClient(createORPCClient(link), () => socket.terminate())
  },
}
