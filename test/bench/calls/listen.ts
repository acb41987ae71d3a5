import type { AddressInfo, Server as NetServer } from 'node:net'
import { createServer } from 'node:net'
import type { Server } from './contestant.js'

/** Binds a server to any port of loopback; its address is that port. */
export function listen(server: NetServer): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      resolve({ address: String((server.address() as AddressInfo).port), close: () => server.close() })
    })
  })
}

/** A port that was free just now, for what cannot be told to take any. */
export async function findFreePort(): Promise<number> {
  const probe = createServer()
  const { address } = await listen(probe)
  await new Promise((resolve) => probe.close(resolve))
  return Number(address)
}
