import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPeer, type Peer } from 'netgen/runtime'
import type { Contestant } from '../contestant.js'
import { schema } from '../generated/schema.js'

const KEY = 'a key for measuring fan-out'

const folder = mkdtempSync(join(tmpdir(), 'netgen-fanout-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

/** A peer in a registry folder of its own: the others here are as strange to it as if they ran elsewhere. */
async function createLonePeer(peers: readonly string[]): Promise<Peer> {
  const registry = mkdtempSync(join(folder, 'registry-'))
  return createPeer({ registry, key: KEY, peers, port: 0 })
}

/** Each subscriber is a peer of its own, which knows where the publisher is, as the clients of all others do. */
export const netgen: Contestant = {
  wire: 'netgen events',
  checks: 'ajv, ahead of time: at both ends',
  startPublisher: async () => {
    const peer = await createLonePeer([])
    const { news } = peer.connect(schema)
    return {
      address: `${peer.host}:${peer.port}`,
      publish: (value) => void news.emit(value),
      close: () => peer.close(),
    }
  },
  subscribe: async (address, count, onNews) => {
    for (let index = 0; index < count; index++) {
      const peer = await createLonePeer([address])
      const subscription = await peer.connect(schema).news.subscribe(onNews)
      while (subscription.peers.length === 0) await sleep(10)
    }
  },
}
