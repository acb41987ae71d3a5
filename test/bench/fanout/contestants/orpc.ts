import { EventEmitter, on } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { os, type RouterClient } from '@orpc/server'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer } from 'ws'
import { dialWebSocket } from '../../calls/contestants/ws.js'
import { listen } from '../../calls/listen.js'
import type { Contestant } from '../contestant.js'
import type { News } from '../payloads.js'

const source = new EventEmitter().setMaxListeners(0)
const router = {
  news: os.handler(async function* ({ signal }) {
    for await (const [news] of on(source, 'news', { ...(signal && { signal }) })) yield news as News
  }),
}

/** Until the generators behind the iterators have begun to listen. */
const START_MS = 500

/** An event iterator as its documentation has it: an async generator over an emitter. */
export const orpc: Contestant = {
  wire: 'oRPC event iterator, WebSocket',
  checks: 'nothing',
  startPublisher: async () => {
    const http = createServer()
    const handler = new RPCHandler(router)
    new WebSocketServer({ server: http }).on('connection', (socket) => {
      void handler.upgrade(socket, { context: {} })
    })
    return { ...(await listen(http)), publish: (news) => source.emit('news', news) }
  },
  subscribe: async (port, count, onNews) => {
    const read = async (client: RouterClient<typeof router>): Promise<void> => {
      for await (const news of await client.news()) onNews(news)
    }
    for (let index = 0; index < count; index++) {
      const socket = await dialWebSocket(port)
      void read(createORPCClient(new RPCLink({ websocket: socket as never })))
    }
    await sleep(START_MS)
  },
}
