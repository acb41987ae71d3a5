import type { News } from './payloads.js'

/** What hands out events, in one process. */
export interface Publisher {
  /** What subscribers have to know, handed from process to process as text. */
  readonly address: string
  /** Hands an event to all subscribers. */
  publish(news: News): void
  /** What a broker has used of its processor, in microseconds. Default: there is none. */
  readonly readBrokerMicros?: () => number
  close?(): unknown
}

/** One way to hand out events. */
export interface Contestant {
  /** What travels. */
  readonly wire: string
  /** What is checked of each event, and where. */
  readonly checks: string
  /** How many subscribers it is measured with. Default: 100. */
  readonly subscribers?: number
  startPublisher(): Promise<Publisher>
  /** Makes so many subscribers, each with a connection of its own. Resolves when all of them would get what is published. */
  subscribe(address: string, count: number, onNews: (news: News) => void): Promise<void>
}
