import { Buffer } from 'node:buffer'
import { createServer } from 'node:http'
import { type Dispatcher, Pool } from 'undici'
import type { Client, Contestant } from '../contestant.js'
import { listen } from '../listen.js'
import { doWork } from '../work.js'

/** As many as calls are in flight: each then has a connection of its own. */
const CONNECTIONS = 64

/** How long a server keeps a connection that is not used: longer than any pause between measurements. */
export const KEEP_ALIVE_MS = 60_000

const startServer: Contestant['startServer'] = () =>
  listen(
    createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const input: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
        const body = JSON.stringify(doWork(request.url?.slice(1) ?? '', input))
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
        response.end(body)
      })
    }),
  )

type Post = <Output>(path: string, input: unknown) => Promise<Output>

/** The three pieces of work as plain HTTP, one path for each. */
export function createHttpClient(post: Post, close: () => unknown): Client {
  return {
    add: (pair) => post('/add', pair),
    echoUser: (user) => post('/echoUser', user),
    echoStock: (stock) => post('/echoStock', stock),
    close,
  }
}

/** A client that calls `undici.request` as one would by hand. */
export async function createRequestClient(address: string): Promise<Client> {
  const pool = new Pool(`http://127.0.0.1:${address}`, { connections: CONNECTIONS, pipelining: 1 })
  const post: Post = async <Output>(path: string, input: unknown) => {
    const { statusCode, body } = await pool.request({
      path,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    })
    if (statusCode !== 200) throw new Error(await body.text())
    return (await body.json()) as Output
  }
  return createHttpClient(post, () => pool.destroy())
}

/** Gathers the body of one answer, and nothing else. */
class Answer implements Dispatcher.DispatchHandler {
  readonly #resolve: (output: unknown) => void
  readonly #reject: (error: Error) => void
  readonly #chunks: Buffer[] = []

  constructor(resolve: (output: unknown) => void, reject: (error: Error) => void) {
    this.#resolve = resolve
    this.#reject = reject
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    if (status !== 200) this.#reject(new Error(`status ${status}`))
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    const [first] = this.#chunks
    const body = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks)
    this.#resolve(JSON.parse(body.toString('utf8')))
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#reject(error)
  }
}

/** Hand-written HTTP, called with `undici.request`. */
export const undiciRequest: Contestant = {
  wire: 'HTTP/1.1, undici request, node:http',
  checks: 'nothing',
  startServer,
  createClient: createRequestClient,
}

/** Hand-written HTTP, called with undici's `dispatch`: no stream, no promise of undici's own. */
export const undiciDispatch: Contestant = {
  wire: 'HTTP/1.1, undici dispatch, node:http',
  checks: 'nothing',
  startServer,
  createClient: async (address) => {
    const pool = new Pool(`http://127.0.0.1:${address}`, { connections: CONNECTIONS, pipelining: 1 })
    const headers = ['content-type', 'application/json']
    const post: Post = <Output>(path: string, input: unknown) =>
      new Promise<Output>((resolve, reject) => {
        const answer = new Answer(resolve as (output: unknown) => void, reject)
        pool.dispatch({ path, method: 'POST', headers, body: JSON.stringify(input) }, answer)
      })
    return createHttpClient(post, () => pool.destroy())
  },
}
