import { createServer } from 'node:http'
import { newWebSocketRpcSession, RpcTarget } from 'capnweb'
import { WebSocket, WebSocketServer } from 'ws'
import type { Client, Contestant } from '../contestant.js'
import { listen } from '../listen.js'
import type { Pair, Stock, Sum, User } from '../payloads.js'
import { work } from '../work.js'
import { dialWebSocket } from './ws.js'

// It reads constants of the global one, which Node has from 22 on.
globalThis.WebSocket ??= WebSocket as never

class Target extends RpcTarget {
  add(pair: Pair): Sum {
    return work.add(pair)
  }

  echoUser(user: User): User {
    return user
  }

  echoStock(stock: Stock): Stock {
    return stock
  }
}

/** Cap'n Web over one WebSocket. */
export const capnweb: Contestant = {
  wire: "Cap'n Web, WebSocket",
  checks: 'nothing',
  startServer: () => {
    const http = createServer()
    new WebSocketServer({ server: http }).on('connection', (socket) => {
      newWebSocketRpcSession(socket as never, new Target())
    })
    return listen(http)
  },
  createClient: async (port) => {
    const socket = await dialWebSocket(port)
    // Its stubs are thenables of their own, and its types do not hold interfaces of plain data.
    const target = newWebSocketRpcSession(socket as never) as unknown as Client
    return {
      add: async (pair) => target.add(pair),
      echoUser: async (user) => target.echoUser(user),
      echoStock: async (stock) => target.echoStock(stock),
      close: () => socket.terminate(),
    }
  },
}
