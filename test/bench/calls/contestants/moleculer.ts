import moleculer, { type BrokerOptions, type ServiceActionsSchema, type ServiceBroker } from 'moleculer'
import type { Client, Contestant } from '../contestant.js'
import { findFreePort } from '../listen.js'
import { doWork } from '../work.js'
import { connectWhenUp, startBroker } from './nats.js'

const integer = { type: 'number', integer: true }
const text = (max = 200) => ({ type: 'string', max })
const optional = (rule: object) => ({ ...rule, optional: true })
const listOf = (items: unknown, max?: number) => ({ type: 'array', items, ...(max !== undefined && { max }) })
const record = (props: object) => ({ type: 'object', props })
const oneOf = (...values: string[]) => ({ type: 'enum', values })

const user = {
  id: { type: 'string', length: 36 },
  seq: { ...integer, min: 0 },
  username: { ...text(64), min: 1 },
  displayName: text(),
  email: text(),
  active: 'boolean',
  role: oneOf('admin', 'editor', 'viewer'),
  score: { type: 'number', min: 0, max: 1 },
  createdAt: text(40),
  updatedAt: text(40),
  bio: optional(text(2000)),
  phone: optional(text(40)),
  avatarUrl: optional(text(400)),
  tags: listOf(text(40), 50),
  address: record({
    street: text(),
    city: text(),
    zip: text(20),
    country: { type: 'string', length: 2 },
    geo: optional(record({ lat: 'number', lon: 'number' })),
  }),
  emails: listOf(record({ address: text(), primary: 'boolean', verified: 'boolean' }), 20),
  preferences: record({
    theme: oneOf('dark', 'light'),
    language: text(10),
    timezone: optional(text(60)),
    notifications: record({ email: 'boolean', push: 'boolean', digest: oneOf('daily', 'weekly', 'never') }),
  }),
  logins: listOf(record({ id: integer, ip: text(45), agent: text(400), at: integer }), 100),
}

const item = record({
  id: integer,
  sku: text(20),
  title: text(),
  qty: { ...integer, min: 0 },
  price: 'number',
  inStock: 'boolean',
  tags: listOf(text(40)),
  dims: record({ w: 'number', h: 'number', d: 'number' }),
  note: optional(text()),
})

const actions: ServiceActionsSchema = {
  add: { params: { a: integer, b: integer }, handler: ({ params }) => doWork('add', params) },
  echoUser: { params: user, handler: ({ params }) => params },
  echoStock: { params: { items: listOf(item, 10_000) }, handler: ({ params }) => params },
}

/** Nodes that know each other by a list: nothing is sent to find them. */
function createOptions(nodeID: string, port: number, urls: readonly string[]): BrokerOptions {
  const options = { udpDiscovery: false, urls, port }
  return { nodeID, logger: false, heartbeatInterval: 5, transporter: { type: 'TCP', options } }
}

interface Nodes {
  readonly urls: readonly string[]
  readonly clientPort: number
}

const START_LIMIT_MS = 12_000

/** Two nodes over a broker of NATS, through the client that Moleculer's own transporter takes. */
export const moleculerNats: Contestant = {
  wire: 'Moleculer, NATS, JSON',
  checks: 'fastest-validator: in, at the server',
  startServer: async () => {
    const { port, readBrokerMicros, close } = await startBroker()
    await (await connectWhenUp(port)).close()
    const broker = new moleculer.ServiceBroker(createNatsOptions('server', port))
    broker.createService({ name: 'bench', actions })
    await broker.start()
    const end = async (): Promise<void> => {
      await broker.stop()
      close()
    }
    return { address: port, readBrokerMicros, close: end }
  },
  createClient: (port) => connectClient(new moleculer.ServiceBroker(createNatsOptions('client', port))),
}

function createNatsOptions(nodeID: string, port: string): BrokerOptions {
  return { nodeID, logger: false, heartbeatInterval: 5, transporter: `nats://127.0.0.1:${port}` }
}

async function connectClient(broker: ServiceBroker): Promise<Client> {
  await broker.start()
  await broker.waitForServices('bench', START_LIMIT_MS)
  return {
    add: (pair) => broker.call('bench.add', pair),
    echoUser: (user) => broker.call('bench.echoUser', user),
    echoStock: (stock) => broker.call('bench.echoStock', stock),
    close: () => broker.stop(),
  }
}

/** Two nodes over Moleculer's own TCP transporter. */
export const moleculerTcp: Contestant = {
  wire: 'Moleculer, TCP, JSON',
  checks: 'fastest-validator: in, at the server',
  startServer: async () => {
    const port = await findFreePort()
    const clientPort = await findFreePort()
    const urls = [`127.0.0.1:${port}/server`, `127.0.0.1:${clientPort}/client`]
    const broker = new moleculer.ServiceBroker(createOptions('server', port, urls))
    broker.createService({ name: 'bench', actions })
    await broker.start()
    return { address: JSON.stringify({ urls, clientPort } satisfies Nodes), close: () => broker.stop() }
  },
  createClient: async (address): Promise<Client> => {
    const { urls, clientPort } = JSON.parse(address) as Nodes
    return connectClient(new moleculer.ServiceBroker(createOptions('client', clientPort, urls)))
  },
}
