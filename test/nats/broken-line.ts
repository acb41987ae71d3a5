import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A way to a server of NATS that can be held up, and cut. */
export interface BrokenLine {
  readonly url: string
  /** Lets nothing through to the client any more: the server has to keep it. */
  hold(): void
  /** Lets nothing through in either direction on the connections that there are, and ends none: new ones work. */
  stall(): void
  /** Lets it through again. */
  release(): void
  /** Ends all connections, and takes none. */
  cut(): void
  /** Takes connections again. */
  mend(): void
  close(): Promise<void>
}

/** Makes one to a port of loopback. `bytesPerSecond` is what it takes from the client. Default: all. */
export async function createBrokenLine(port: string, bytesPerSecond?: number): Promise<BrokenLine> {
  const pairs = new Set<readonly [client: Socket, server: Socket]>()
  let isCut = false
  const listener = createServer((client) => {
    if (isCut) {
      client.destroy()
      return
    }
    const server = connect(Number(port), '127.0.0.1')
    const pair = [client, server] as const
    pairs.add(pair)
    if (bytesPerSecond === undefined) client.pipe(server)
    else void carrySlowly(client, server, bytesPerSecond)
    server.pipe(client)
    for (const socket of pair) {
      socket.on('error', () => {})
      socket.once('close', () => {
        pairs.delete(pair)
        for (const other of pair) other.destroy()
      })
    }
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const cut = (): void => {
    isCut = true
    for (const pair of pairs) for (const socket of pair) socket.destroy()
  }
  return {
    url: `nats://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    hold: () => {
      for (const [client, server] of pairs) server.unpipe(client)
    },
    stall: () => {
      for (const [client, server] of pairs) {
        server.unpipe(client)
        client.unpipe(server)
      }
    },
    release: () => {
      for (const [client, server] of pairs) server.pipe(client)
    },
    cut,
    mend: () => {
      isCut = false
    },
    close: async () => {
      cut()
      listener.close()
      await once(listener, 'close')
    },
  }
}

async function carrySlowly(from: Socket, to: Socket, bytesPerSecond: number): Promise<void> {
  try {
    for await (const data of from) {
      to.write(data)
      await sleep((data.length / bytesPerSecond) * 1_000)
    }
  } catch {
    // Whoever ends the one ends the other too.
  }
}
