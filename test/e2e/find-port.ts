import { createServer } from 'node:net'

/** A free port of loopback, and not one of those that the system gives to outgoing connections, which could take it while nobody listens. */
export async function findPort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000)
    const server = createServer()
    const isFree = await new Promise((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true))
    })
    server.close()
    if (isFree === true) return port
  }
}
