import { explainImport } from '../../errors/explain-import.js'

export type { Authenticator, ConnectionOptions, Msg, MsgHdrs, NatsConnection } from '@nats-io/transport-node'

/** The client of NATS. */
export type Nats = typeof import('@nats-io/transport-node')

/** Its errors. */
export type NatsErrors = Nats['errors']

/** Imports the client of NATS, which only peers with an engine need. */
export type LoadNats = () => Promise<Nats>

/** Bundlers take a package for one that may be missing where its import is followed by `catch`. */
const importNats: LoadNats = () =>
  import('@nats-io/transport-node').catch((cause: unknown) => {
    throw cause
  })

/** Loads the client of NATS. Rejects with `failed_precondition` where its package is not installed, and says how to. */
export async function loadNats(load: LoadNats = importNats): Promise<Nats> {
  try {
    return await load()
  } catch (cause) {
    throw explainImport(cause, 'an engine needs', '@nats-io/transport-node')
  }
}
