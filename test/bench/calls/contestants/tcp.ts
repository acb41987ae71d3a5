import { connect, createServer, type Socket } from 'node:net'
import type { Contestant } from '../contestant.js'
import { listen } from '../listen.js'
import { createFloorClient, serveFloor } from './floor.js'
import { gatherTick, readLines, type Write } from './lines.js'

function overTcp(wire: string, gather: (write: Write) => Write): Contestant {
  const writeTo = (socket: Socket): Write => gather((text) => socket.write(text))
  return {
    wire,
    checks: 'nothing',
    startServer: () => {
      const server = createServer({ noDelay: true }, (socket) => {
        socket.on('data', readLines(serveFloor(writeTo(socket))))
      })
      return listen(server)
    },
    createClient: (address) =>
      new Promise((resolve, reject) => {
        const socket = connect({ host: '127.0.0.1', port: Number(address), noDelay: true })
        socket.once('error', reject)
        socket.once('connect', () => {
          const { client, receive } = createFloorClient(writeTo(socket))
          socket.on('data', readLines(receive))
          resolve({ ...client, close: () => socket.destroy() })
        })
      }),
  }
}

/** What a tick brings forth leaves in one write. */
export const tcpPerTick: Contestant = overTcp('TCP, lines, one write per tick', gatherTick)

/** Each message is a write of its own. */
export const tcpPerMessage: Contestant = overTcp('TCP, lines, one write per message', (write) => write)
