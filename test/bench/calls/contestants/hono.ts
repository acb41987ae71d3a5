import { serve } from '@hono/node-server'
import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import { hc } from 'hono/client'
import type { Contestant } from '../contestant.js'
import { work } from '../work.js'
import { pair, stock, user } from '../zod-schemas.js'
import { KEEP_ALIVE_MS } from './undici.js'

const app = new Hono()
  .post('/add', zValidator('json', pair), (context) => context.json(work.add(context.req.valid('json'))))
  .post('/echoUser', zValidator('json', user), (context) => context.json(context.req.valid('json')))
  .post('/echoStock', zValidator('json', stock), (context) => context.json(context.req.valid('json')))

/** Hono's own typed client, which uses the global `fetch`. */
export const hono: Contestant = {
  wire: 'Hono RPC, node-server, fetch',
  checks: 'zod: in, at the server',
  startServer: () =>
    new Promise((resolve) => {
      const server = serve(
        { fetch: app.fetch, port: 0, hostname: '127.0.0.1', serverOptions: { keepAliveTimeout: KEEP_ALIVE_MS } },
        ({ port }) => resolve({ address: String(port), close: () => server.close() }),
      )
    }),
  createClient: async (port) => {
    const client = hc<typeof app>(`http://127.0.0.1:${port}`)
    return {
      add: async (json) => readBody(await client.add.$post({ json })),
      echoUser: async (json) => readBody(await client.echoUser.$post({ json })),
      echoStock: async (json) => readBody(await client.echoStock.$post({ json })),
    }
  },
}

/** The body of an answer of status 200; the types of the others are those of zod's failures. */
async function readBody<Output>(response: Pick<Response, 'ok' | 'json' | 'status'>): Promise<Output> {
  if (!response.ok) throw new Error(`status ${response.status}`)
  return (await response.json()) as Output
}
