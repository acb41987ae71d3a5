import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { ConnectionPool } from '../../../../runtime/transport/http/connection-pool.js'
import { HttpExchange, type HttpRequest } from '../../../../runtime/transport/http/http-exchange.js'

/** `npm run soak` makes more of them. */
const CALLS = Number(process.env['NETGEN_SOAK_IDLE'] ?? 10_000)

/** How many servers there are, and how many connections are kept to each of them: not more than a pool has. */
const SERVERS = 10
const CONNECTIONS = 250
const ROUNDS = CALLS / SERVERS / CONNECTIONS

/** For how long a server keeps a connection, in milliseconds. A peer does so for ten times as long. */
const KEPT_MS = 3_000

/**
 * When connections are used again, in milliseconds since they were used last, and for how long each is kept busy then, so that the next
 * call takes another one: about when their client gives them up, which is two seconds before the server does, and when the server does.
 */
const WINDOWS = [
  { firstMs: 900, lastMs: 1_700, holdMs: 900 },
  { firstMs: KEPT_MS - 50, lastMs: KEPT_MS + 100, holdMs: 250 },
] as const

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A server that answers after the time that the path says, and ends each connection when its time has come, to the millisecond. */
async function serve(): Promise<{ readonly port: number; readonly counts: { connections: number } }> {
  const counts = { connections: 0 }
  const server = createServer((socket) => {
    counts.connections++
    socket.on('error', () => {})
    let end: NodeJS.Timeout | undefined
    socket.on('data', (request) => {
      clearTimeout(end)
      const [, holdMs = '0'] = /^GET \/(\d+) /.exec(request.toString('latin1')) ?? []
      setTimeout(() => {
        answer(socket)
        end = setTimeout(() => socket.destroy(), KEPT_MS)
      }, Number(holdMs))
    })
    socket.on('close', () => clearTimeout(end))
  })
  servers.push(server)
  server.listen(0, '127.0.0.1', 1_024)
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, counts }
}

function answer(socket: Socket): void {
  const head = ['HTTP/1.1 200 OK', `keep-alive: timeout=${KEPT_MS / 1_000}`, 'content-length: 2']
  socket.write(`${head.join('\r\n')}\r\n\r\n{}`)
}

function call(pool: ConnectionPool, holdMs: number): Promise<string> {
  return new Promise((resolve) => {
    const request = { method: 'GET', path: `/${holdMs}`, headers: [], body: null, maxBytes: 100 } satisfies HttpRequest
    const listener = {
      onResponse: ({ body }: { readonly body: Buffer }) => resolve(body.toString()),
      onFailure: (error: Error) => resolve(String(error)),
    }
    pool.dispatch(new HttpExchange(request, listener))
  })
}

/** Uses as many connections as there are again within a window. */
async function useAgain(
  pool: ConnectionPool,
  { firstMs, lastMs, holdMs }: (typeof WINDOWS)[number],
): Promise<string[]> {
  const idleSinceMs = performance.now()
  return await Promise.all(
    Array.from({ length: CONNECTIONS }, async (_, index) => {
      const dueMs = firstMs + ((lastMs - firstMs) * index) / CONNECTIONS
      await sleep(idleSinceMs + dueMs - performance.now())
      return await call(pool, holdMs)
    }),
  )
}

test(`${CALLS} kept connections are used again when they are about to be closed, and no caller hears of that`, {
  timeout: 60_000 + CALLS * 10,
}, async () => {
  const outcomes: string[] = []
  const made: number[] = []
  const useOne = async (): Promise<void> => {
    const { port, counts } = await serve()
    const pool = new ConnectionPool(`http://127.0.0.1:${port}`, undefined, { onDisconnect() {}, onEmpty() {} })
    await Promise.all(Array.from({ length: CONNECTIONS }, () => call(pool, 500)))
    for (let round = 0; round < ROUNDS; round++) {
      const before = counts.connections
      outcomes.push(...(await useAgain(pool, WINDOWS[round % WINDOWS.length] as (typeof WINDOWS)[number])))
      made.push((counts.connections - before) / CONNECTIONS)
    }
    await pool.destroy()
  }
  await Promise.all(Array.from({ length: SERVERS }, useOne))
  expect(outcomes).toHaveLength(CALLS)
  expect(outcomes.filter((outcome) => outcome !== '{}')).toEqual([])
  // Some connections were still there, and some were not.
  expect(Math.min(...made)).toBeLessThan(1)
  expect(Math.max(...made)).toBeGreaterThan(0.5)
})
