import { connectWhenUp, startBroker } from '../../calls/contestants/nats.js'
import type { Contestant } from '../contestant.js'
import type { News } from '../payloads.js'

/** Through a broker, which is a third process. */
export const nats: Contestant = {
  wire: 'NATS core, through nats-server',
  checks: 'nothing',
  startPublisher: async () => {
    const { port, readBrokerMicros, close } = await startBroker()
    const connection = await connectWhenUp(port)
    const publish = (news: News): void => connection.publish('news', JSON.stringify(news))
    return { address: port, publish, readBrokerMicros, close }
  },
  subscribe: async (port, count, onNews) => {
    for (let index = 0; index < count; index++) {
      const connection = await connectWhenUp(port)
      connection.subscribe('news', { callback: (_error, message) => onNews(message.json<News>()) })
      await connection.flush()
    }
  },
}
