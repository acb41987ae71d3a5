import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { nats } from 'netgen/nats'
import { createPeer, type Peer } from 'netgen/runtime'
import { connectWhenUp, startBroker } from '../../calls/contestants/nats.js'
import type { Contestant } from '../contestant.js'
import { schema } from '../generated/schema.js'

/** A hundred subscribers in one process would hear each other ten thousand times as often as anything is measured, in milliseconds. */
const BEAT_MS = 10_000

const folder = mkdtempSync(join(tmpdir(), 'netgen-fanout-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

async function createPeerAt(broker: string): Promise<Peer> {
  const engine = nats({ servers: `nats://127.0.0.1:${broker}`, beatMs: BEAT_MS })
  return createPeer({ registry: mkdtempSync(join(folder, 'registry-')), engine, port: 0 })
}

/** Events through the same broker as those of its floor, `nats`: each subscriber is a peer of its own. */
export const netgenNats: Contestant = {
  wire: 'netgen events, through nats-server',
  checks: 'ajv, ahead of time: at both ends',
  startPublisher: async () => {
    const { port, readBrokerMicros, close } = await startBroker()
    await (await connectWhenUp(port)).close()
    const peer = await createPeerAt(port)
    const { news } = peer.connect(schema)
    return {
      address: `${port} ${peer.id}`,
      publish: (value) => void news.emit(value),
      readBrokerMicros,
      close: async () => {
        await peer.close()
        close()
      },
    }
  },
  subscribe: async (address, count, onNews) => {
    const [broker = '', publisher = ''] = address.split(' ')
    for (let index = 0; index < count; index++) {
      const peer = await createPeerAt(broker)
      const subscription = await peer.connect(schema).news.subscribe(onNews, { peers: [publisher] })
      while (subscription.peers.length === 0) await sleep(10)
    }
  },
}
