import { EventEmitter, on } from 'node:events'
import { createServer } from 'node:http'
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import { WebSocket, WebSocketServer } from 'ws'
import { listen } from '../../calls/listen.js'
import type { Contestant } from '../contestant.js'
import type { News } from '../payloads.js'

const { router, procedure } = initTRPC.create()
const source = new EventEmitter().setMaxListeners(0)
const routes = router({
  news: procedure.subscription(async function* ({ signal }) {
    for await (const [news] of on(source, 'news', { ...(signal && { signal }) })) yield news as News
  }),
})

/** A subscription as its documentation has it: an async generator over an emitter. */
export const trpc: Contestant = {
  wire: 'tRPC 11 subscription, wsLink',
  checks: 'nothing',
  startPublisher: async () => {
    const http = createServer()
    applyWSSHandler({ wss: new WebSocketServer({ server: http }), router: routes })
    return { ...(await listen(http)), publish: (news) => source.emit('news', news) }
  },
  subscribe: async (port, count, onNews) => {
    for (let index = 0; index < count; index++) {
      const client = createWSClient({ url: `ws://127.0.0.1:${port}`, WebSocket: WebSocket as never })
      const { news } = createTRPCClient<typeof routes>({ links: [wsLink({ client })] })
      await new Promise<void>((resolve) => {
        news.subscribe(undefined, { onStarted: () => resolve(), onData: onNews })
      })
    }
  },
}
