import { setTimeout as sleep } from 'node:timers/promises'
import moleculer, { type BrokerOptions, type Context, type ServiceBroker } from 'moleculer'
import { findFreePort } from '../../calls/listen.js'
import type { Contestant } from '../contestant.js'
import type { News } from '../payloads.js'

/** Each node has a connection to each other one: a hundred in a process take minutes to meet. */
const NODES = 20

/** How often the publisher is asked whom it has met: nodes tell each other every two seconds. */
const ASKING_MS = 500

interface Nodes {
  readonly urls: readonly string[]
  readonly ports: readonly number[]
}

/** Nodes that know each other by a list: nothing is sent to find them. */
function createOptions(nodeID: string, port: number | undefined, urls: readonly string[]): BrokerOptions {
  return { nodeID, logger: false, transporter: { type: 'TCP', options: { udpDiscovery: false, urls, port } } }
}

export const moleculerTcp: Contestant = {
  wire: `Moleculer, TCP, ${NODES} nodes`,
  checks: 'nothing',
  subscribers: NODES,
  startPublisher: async () => {
    const ports: number[] = []
    for (let index = 0; index <= NODES; index++) ports.push(await findFreePort())
    const urls = ports.map((port, index) => `127.0.0.1:${port}/node-${index}`)
    const broker = new moleculer.ServiceBroker(createOptions('node-0', ports[0], urls))
    const countReaders = (): number => broker.registry.events.getAllEndpoints('news').length
    broker.createService({ name: 'publisher', actions: { countReaders } })
    await broker.start()
    const address = JSON.stringify({ urls, ports } satisfies Nodes)
    return { address, publish: (news) => void broker.broadcast('news', news), close: () => broker.stop() }
  },
  subscribe: async (address, count, onNews) => {
    const { urls, ports } = JSON.parse(address) as Nodes
    const brokers: ServiceBroker[] = []
    for (let index = 1; index <= count; index++) {
      const broker = new moleculer.ServiceBroker(createOptions(`node-${index}`, ports[index], urls))
      // By the name of its parameter it is told that this is a handler that takes a context.
      broker.createService({ name: 'reader', events: { news: (ctx: Context<News>) => onNews(ctx.params) } })
      await broker.start()
      brokers.push(broker)
    }
    const [asking] = brokers
    await asking?.waitForServices('publisher')
    while ((await asking?.call<number>('publisher.countReaders')) !== count) await sleep(ASKING_MS)
  },
}
