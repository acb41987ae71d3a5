import type { Pair, Stock, Sum, User } from './payloads.js'

/** A client of one contestant, connected: the three pieces of work. The last two answer what they were given. */
export interface Client {
  add(pair: Pair): Promise<Sum>
  echoUser(user: User): Promise<Pick<User, 'seq'>>
  echoStock(stock: Stock): Promise<{ readonly items: readonly unknown[] }>
  close?(): unknown
}

/** A server of one contestant, listening on loopback. */
export interface Server {
  /** What the client has to know, handed from process to process as text. */
  readonly address: string
  /** What a broker between the two has used of its processor, in microseconds. Default: there is none. */
  readonly readBrokerMicros?: () => number
  close?(): unknown
}

/** One way to make a call. */
export interface Contestant {
  /** What travels. */
  readonly wire: string
  /** What is checked of each call, and where. */
  readonly checks: string
  startServer(): Promise<Server>
  /** Rejects where the server does not answer. */
  createClient(address: string): Promise<Client>
}
