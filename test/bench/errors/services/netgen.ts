import { createPeer } from 'netgen/runtime'
import { schema } from '../generated/schema.js'
import { readShelf } from '../read-shelf.js'
import type { Service } from '../service.js'

export const netgen: Service = {
  title: 'netgen',
  startServer: async () => {
    const peer = await createPeer()
    peer.connect(schema, { relay: () => 0, countItems: ({ item }) => readShelf(item) })
    return { address: `${peer.host}:${peer.port}`, close: () => peer.close() }
  },
  connect: async (address) => {
    const peer = await createPeer()
    const shop = peer.connect(schema)
    return { countItems: (item) => shop.countItems({ item }, { peer: address }), close: () => peer.close() }
  },
}
