import { createServer } from 'node:http'
import { type RawData, WebSocket, WebSocketServer } from 'ws'
import type { Contestant } from '../contestant.js'
import { listen } from '../listen.js'
import { createFloorClient, serveFloor } from './floor.js'
import { gatherTick, splitLines } from './lines.js'

/** Dials a WebSocket on loopback; ready to send when it resolves. */
export function dialWebSocket(port: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false, skipUTF8Validation: true })
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.once('error', reject)
  })
}

/** What a tick brings forth leaves in one frame. */
export const wsPerTick: Contestant = {
  wire: 'WebSocket, lines, one frame per tick',
  checks: 'nothing',
  startServer: () => {
    const http = createServer()
    const server = new WebSocketServer({ server: http, perMessageDeflate: false, skipUTF8Validation: true })
    server.on('connection', (socket) => {
      const serve = serveFloor(gatherTick((text) => socket.send(text)))
      socket.on('message', (frame: RawData) => splitLines(frame.toString(), serve))
    })
    return listen(http)
  },
  createClient: async (address) => {
    const socket = await dialWebSocket(address)
    const { client, receive } = createFloorClient(gatherTick((text) => socket.send(text)))
    socket.on('message', (frame: RawData) => splitLines(frame.toString(), receive))
    return { ...client, close: () => socket.terminate() }
  },
}
