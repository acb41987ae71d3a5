import { once } from 'node:events'
import { createServer } from 'node:net'
import { type NatsServer, startNats } from './nats-server.js'

/** Servers of NATS that know each other by their routes, each on ports of its own. */
export interface NatsCluster {
  /** In the order of their names: `one`, `two`, `three`. */
  readonly servers: readonly NatsServer[]
  /** What a client is given: it goes on with another server where its own has ended. */
  readonly urls: readonly string[]
  /** Ends one of them at once, as a power failure does. */
  kill(index: number): Promise<void>
  /** Starts one that was killed again, with its name and its ports; it finds what it stored where its configuration names a folder. */
  restart(index: number): Promise<void>
  stop(): Promise<void>
}

const NAMES = ['one', 'two', 'three']

/** How long the servers have to find each other, in milliseconds. */
const ROUTES_MS = 10_000

/** Starts three servers, and waits until each has a route to both others. `configure` gives the rest of one's configuration file. */
export async function startCluster(configure: (name: string) => string = () => ''): Promise<NatsCluster> {
  const ports = await Promise.all(NAMES.map(findFreePort))
  const monitors = await Promise.all(NAMES.map(findFreePort))
  const routes = ports.map((port) => `nats-route://127.0.0.1:${port}`).join(', ')
  const start = (index: number, port?: string): Promise<NatsServer> => {
    const name = NAMES[index] ?? ''
    const cluster = `cluster { name: netgen, listen: "127.0.0.1:${ports[index]}", routes: [${routes}] }`
    const config = `server_name: ${name}\nhttp: "127.0.0.1:${monitors[index]}"\n${cluster}\n${configure(name)}`
    return startNats(config, port)
  }
  const servers = await Promise.all(NAMES.map((_, index) => start(index)))
  await Promise.all(monitors.map((port) => awaitRoutes(port)))
  return {
    servers,
    urls: servers.map(({ url }) => url),
    kill: async (index) => {
      const { process: server } = findServer(servers, index)
      if (server.exitCode !== null || server.signalCode !== null) return
      server.kill('SIGKILL')
      await once(server, 'exit')
    },
    restart: async (index) => {
      const { port, stop } = findServer(servers, index)
      await stop()
      servers[index] = await start(index, port)
    },
    stop: async () => {
      await Promise.all(servers.map((server) => server.stop()))
    },
  }
}

function findServer(servers: readonly NatsServer[], index: number): NatsServer {
  const server = servers[index]
  if (server === undefined) throw new RangeError(`a cluster has no server ${index}`)
  return server
}

/** Clients are told of the other servers when they connect: without the routes, of none. */
async function awaitRoutes(monitor: number): Promise<void> {
  const endsAtMs = performance.now() + ROUTES_MS
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${monitor}/routez`)
    const { routes = [] } = (await answer.json()) as { routes?: { remote_name?: string; remote_id: string }[] }
    if (new Set(routes.map(({ remote_id: id }) => id)).size >= NAMES.length - 1) return
    if (performance.now() > endsAtMs) throw new Error('the servers do not find each other')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** A port that nobody has now: the servers have to name each other's before they start. */
async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('a listening server has no port')
  return address.port
}
