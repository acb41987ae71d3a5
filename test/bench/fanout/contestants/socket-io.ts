import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { io } from 'socket.io-client'
import { listen } from '../../calls/listen.js'
import type { Contestant } from '../contestant.js'

export const socketIo: Contestant = {
  wire: 'Socket.IO, WebSocket',
  checks: 'nothing',
  startPublisher: async () => {
    const http = createServer()
    const server = new Server(http, { transports: ['websocket'], perMessageDeflate: false })
    return { ...(await listen(http)), publish: (news) => server.emit('news', news) }
  },
  subscribe: async (port, count, onNews) => {
    for (let index = 0; index < count; index++) {
      const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true })
      await new Promise<void>((resolve) => socket.once('connect', resolve))
      socket.on('news', onNews)
    }
  },
}
