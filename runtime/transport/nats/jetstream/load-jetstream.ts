import type {
  ConsumerConfig,
  JetStreamManager,
  ConsumerInfo as NatsConsumerInfo,
  StreamConfig as NatsStreamConfig,
} from '@nats-io/jetstream'
import { explainImport } from '../../../errors/explain-import.js'

/** What is used of the package. */
export type JetStream = Pick<typeof import('@nats-io/jetstream'), 'jetstreamManager'>

/** Looks after streams and consumers. */
export type Manager = JetStreamManager

export type StreamConfig = NatsStreamConfig
export type ReaderConfig = ConsumerConfig
export type ReaderInfo = NatsConsumerInfo

/** Imports the package. */
export type LoadJetStream = () => Promise<JetStream>

/** Bundlers take a package for one that may be missing where its import is followed by `catch`. */
const importJetStream: LoadJetStream = () =>
  import('@nats-io/jetstream').catch((cause: unknown) => {
    throw cause
  })

/** Loads the package, which only durable events need. Rejects with `failed_precondition` where it is not installed, and says how to. */
export async function loadJetStream(load: LoadJetStream = importJetStream): Promise<JetStream> {
  try {
    return await load()
  } catch (cause) {
    throw explainImport(cause, 'durable events need', '@nats-io/jetstream')
  }
}
