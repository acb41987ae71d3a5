import type { Server } from '../calls/contestant.js'

/** One way to call a server that fails. */
export interface Service {
  /** What it is, with the settings that it comes with. */
  readonly title: string
  startServer(): Promise<Server>
  /** A function that calls the server, which throws what its library makes of the failure; and one that ends what is open. */
  connect(address: string): Promise<{ countItems(item: string): Promise<unknown>; close?(): unknown }>
}
