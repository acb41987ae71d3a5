import type { AddressInfo } from 'node:net'
import createFastify from 'fastify'
import type { Contestant } from '../contestant.js'
import { schema } from '../generated/schema.js'
import { doWork, WORK_NAMES } from '../work.js'
import { createRequestClient, KEEP_ALIVE_MS } from './undici.js'

interface JsonSchemas {
  readonly input: unknown
  readonly output: unknown
}

/** fastify with the same JSON Schemas as netgen, called with `undici.request`: it has no client of its own. */
export const fastify: Contestant = {
  wire: 'fastify, undici request',
  checks: 'ajv: in, at the server; fast-json-stringify: out',
  startServer: async () => {
    const app = createFastify({ keepAliveTimeout: KEEP_ALIVE_MS })
    for (const { name, load } of schema.connections) {
      if (!WORK_NAMES.some((known) => known === name)) throw new Error(`${name} is no piece of work`)
      const { input, output } = JSON.parse((await load()).jsonSchemas) as JsonSchemas
      const shapes = { body: withoutDialect(input), response: { 200: withoutDialect(output) } }
      app.post(`/${name}`, { schema: shapes }, async ({ body }) => doWork(name, body))
    }
    await app.listen({ port: 0, host: '127.0.0.1' })
    return { address: String((app.server.address() as AddressInfo).port), close: () => app.close() }
  },
  createClient: createRequestClient,
}

/** fastify's ajv knows draft-07 only; these schemas say the same in both. */
function withoutDialect(schema: unknown): unknown {
  const { $schema: _, ...rest } = schema as { $schema?: string }
  return rest
}
