import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** What feigns to be a server of NATS. */
export interface FeignedServer {
  /** Where it takes connections: `127.0.0.1:…`. */
  readonly host: string
  stop(): Promise<void>
}

/** How it is to behave. */
export interface Feint {
  readonly info?: object
  /** What answers questions about JetStream. */
  readonly answer?: string
  /** Whether it ends each connection where something is to be heard. */
  readonly isBroken?: boolean
}

const INFO = { server_id: 'FEIGNED', version: '2.9.10', proto: 1, max_payload: 1_048_576, headers: true }

/** Starts a server that speaks as little of the protocol of NATS as a test needs. */
export async function feignNats({ info, answer = '', isBroken = false }: Feint): Promise<FeignedServer> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let sid = ''
    socket.on('error', () => {})
    socket.write(`INFO ${JSON.stringify({ ...INFO, ...info })}\r\n`)
    socket.on('data', (data) => {
      for (const line of data.toString().split('\r\n')) {
        const [verb, subject = '', reply = ''] = line.split(' ')
        if (verb === 'PING') socket.write('PONG\r\n')
        if (verb === 'SUB') sid = line.split(' ').at(-1) ?? ''
        if (verb === 'SUB' && isBroken) socket.destroy()
        if (verb === 'PUB' && subject === '$JS.API.INFO')
          socket.write(`MSG ${reply} ${sid} ${answer.length}\r\n${answer}\r\n`)
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
