import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Serves an empty page at any path, and the script of a service worker at `/worker.js`. */
export interface PageServer {
  readonly origin: string
  close(): Promise<void>
}

export async function servePages(host: string, port: number, worker = ''): Promise<PageServer> {
  const server: Server = createServer(({ url }, response) => {
    const isWorker = url === '/worker.js'
    response.writeHead(200, { 'content-type': isWorker ? 'text/javascript' : 'text/html' })
    response.end(isWorker ? worker : '<!doctype html><title>page</title>')
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  return {
    origin: `http://${host}:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
