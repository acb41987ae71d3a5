import { createServer } from 'node:http'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import { gatherTick, splitLines } from '../../calls/contestants/lines.js'
import { dialWebSocket } from '../../calls/contestants/ws.js'
import { listen } from '../../calls/listen.js'
import type { Contestant, Publisher } from '../contestant.js'
import type { News } from '../payloads.js'

async function startPublisher(send: (clients: ReadonlySet<WebSocket>) => (news: News) => void): Promise<Publisher> {
  const http = createServer()
  const server = new WebSocketServer({ server: http, perMessageDeflate: false })
  return { ...(await listen(http)), publish: send(server.clients) }
}

/** Each event is a frame of its own. */
export const wsPerEvent: Contestant = {
  wire: 'WebSocket, one frame per event',
  checks: 'nothing',
  startPublisher: () =>
    startPublisher((clients) => (news) => {
      const text = JSON.stringify(news)
      for (const client of clients) client.send(text)
    }),
  subscribe: async (address, count, onNews) => {
    for (let index = 0; index < count; index++) {
      const socket = await dialWebSocket(address)
      socket.on('message', (frame: RawData) => onNews(JSON.parse(frame.toString()) as News))
    }
  },
}

/** What a tick brings forth leaves in one frame. */
export const wsPerTick: Contestant = {
  wire: 'WebSocket, lines, one frame per tick',
  checks: 'nothing',
  startPublisher: () =>
    startPublisher((clients) => {
      const write = gatherTick((text) => {
        for (const client of clients) client.send(text)
      })
      return (news) => write(`${JSON.stringify(news)}\n`)
    }),
  subscribe: async (address, count, onNews) => {
    for (let index = 0; index < count; index++) {
      const socket = await dialWebSocket(address)
      socket.on('message', (frame: RawData) => splitLines(frame.toString(), (line) => onNews(JSON.parse(line) as News)))
    }
  },
}
