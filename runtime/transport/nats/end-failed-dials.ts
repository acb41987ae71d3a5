import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'

/** Where Node tells of each socket that it makes for a connection to elsewhere. */
const CHANNEL = 'net.client.socket'

/** What it tells. */
interface Dialled {
  readonly socket: { readonly connecting: boolean; destroy(): void }
}

/**
 * Answers what connecting does, and ends the sockets that were made for it in vain: all should it fail, and else those that are not connected.
 * The client of NATS gives up what nobody answers, and leaves its socket open, which keeps the process alive for as long as the system tries:
 * two minutes and more. What it dials later, to connect again, is not covered.
 */
export async function endFailedDials<Connection>(connect: () => Promise<Connection>): Promise<Connection> {
  // Of its own: what else the process connects meanwhile goes on.
  const dialling = new AsyncLocalStorage<true>()
  const sockets: Dialled['socket'][] = []
  const onSocket = (message: unknown): void => {
    if (dialling.getStore() === true) sockets.push((message as Dialled).socket)
  }
  subscribe(CHANNEL, onSocket)
  try {
    const connection = await dialling.run(true, connect)
    for (const socket of sockets) if (socket.connecting) socket.destroy()
    return connection
  } catch (error) {
    for (const socket of sockets) socket.destroy()
    throw error
  } finally {
    unsubscribe(CHANNEL, onSocket)
    // Before Node 24 each promise of the process would pay for it.
    dialling.disable()
  }
}
