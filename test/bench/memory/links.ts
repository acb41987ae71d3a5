import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPeer, type Peer, type RemotePeer } from 'netgen/runtime'
import { Server as SocketIoServer } from 'socket.io'
import { io } from 'socket.io-client'
import { WebSocketServer } from 'ws'
import { dialWebSocket } from '../calls/contestants/ws.js'
import { schema } from '../calls/generated/schema.js'
import { listen } from '../calls/listen.js'
import { work } from '../calls/work.js'

/** Something of which two processes may have a thousand between them. */
export interface LinkKind {
  /** Gets ready to be dialled; answers where. */
  startServer(): Promise<string>
  /** Gets ready to dial, as far as it can without; answers what does. */
  prepareClient(address: string): Promise<() => Promise<void>>
}

/** 32 peers here call 32 peers there: 1,024 sessions. */
const PEERS = 32

/** How many there are of each kind. */
export const LINKS: number = PEERS * PEERS

async function createPeers(registry: string): Promise<Peer[]> {
  const peers: Peer[] = []
  for (let count = 0; count < PEERS; count++) peers.push(await createPeer({ registry, port: 0 }))
  return peers
}

const netgen: LinkKind = {
  startServer: async () => {
    const registry = await mkdtemp(join(tmpdir(), 'netgen-bench-'))
    const peers = await createPeers(registry)
    for (const peer of peers) peer.connect(schema, work)
    const others = peers.map(({ id, host, port, group, hub }): RemotePeer => ({ id, host, port, group, hub }))
    return JSON.stringify({ registry, others })
  },
  prepareClient: async (address) => {
    const { registry, others } = JSON.parse(address) as { registry: string; others: RemotePeer[] }
    const stubs = (await createPeers(registry)).map((peer) => peer.connect(schema))
    return async () => {
      for (const stub of stubs) await Promise.all(others.map((peer) => stub.add({ a: 1, b: 2 }, { peer })))
    }
  },
}

const socketIo: LinkKind = {
  startServer: async () => {
    const http = createServer()
    new SocketIoServer(http, { transports: ['websocket'] }).on('connection', (socket) => {
      socket.on('add', (pair: { a: number; b: number }, answer: (sum: object) => void) => answer(work.add(pair)))
    })
    return (await listen(http)).address
  },
  prepareClient: async (port) => async () => {
    for (let count = 0; count < LINKS; count++) {
      const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true })
      await socket.timeout(5_000).emitWithAck('add', { a: 1, b: 2 })
    }
  },
}

const webSocket: LinkKind = {
  startServer: async () => {
    const http = createServer()
    new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', (socket) => {
      socket.on('message', (frame) => socket.send(frame))
    })
    return (await listen(http)).address
  },
  prepareClient: async (port) => async () => {
    for (let count = 0; count < LINKS; count++) {
      const socket = await dialWebSocket(port)
      await new Promise((resolve) => {
        socket.on('message', resolve)
        socket.send('1')
      })
    }
  },
}

/** Each kind by its name. */
export const linkKinds: Readonly<Record<string, LinkKind>> = {
  'netgen session': netgen,
  'Socket.IO, WebSocket only': socketIo,
  'ws, bare': webSocket,
}
