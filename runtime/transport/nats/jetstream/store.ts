import type { Logger } from '../../../api/logger.js'
import { printValue } from '../../../errors/print-value.js'
import { isRefusal, refuse } from '../../../errors/refuse.js'
import type { LogReaderOptions } from '../../event-log.js'
import type { EngineClient } from '../engine-client.js'
import { isOlderServer, OLDEST_DURABLE_SERVER } from '../server-version.js'
import { compareReader, describeReader } from './describe-reader.js'
import { compareStream, describeStream, type StoreLimits } from './describe-stream.js'
import { explainFailure } from './explain-failure.js'
import type { JetStream, Manager, ReaderInfo } from './load-jetstream.js'
import { type GroupNames, nameStreams } from './names.js'

/** What looking after a group's streams and consumers needs. */
export interface StoreOptions {
  readonly client: EngineClient
  readonly jetStream: JetStream
  readonly group: string
  readonly limits: StoreLimits
  readonly logger: Logger
}

/** The streams of a group, and the consumers of its subscriptions: made where they are missing, and never changed. */
export class Store {
  readonly #options: StoreOptions
  readonly #manager: Manager
  readonly names: GroupNames

  private constructor(options: StoreOptions, manager: Manager) {
    this.#options = options
    this.#manager = manager
    this.names = nameStreams(options.group)
  }

  /** Opens it. Rejects with `failed_precondition` where the server is too old, has no JetStream, or a stream of its name is another. */
  static async open(options: StoreOptions): Promise<Store> {
    const { client, jetStream } = options
    checkVersion(client.connection.info?.version ?? '')
    const manager = await jetStream.jetstreamManager(client.connection, { checkAPI: false })
    const store = new Store(options, manager)
    const { events, eventSubjects, dead, deadSubjects } = store.names
    await store.#ensureStream(events, eventSubjects)
    await store.#ensureStream(dead, deadSubjects)
    return store
  }

  /** Makes a consumer where there is none. Rejects with `failed_precondition` where there is one with other options. */
  async ensureReader(name: string, subject: string, options: LogReaderOptions): Promise<void> {
    const what = `the subscription ${printValue(options.name)} to ${options.tag} is not opened`
    try {
      const known = await this.#findReader(name)
      const { config } =
        known ?? (await this.#manager.consumers.add(this.names.events, describeReader(name, subject, options)))
      const difference = compareReader(options, config)
      if (difference === undefined) return
      const { option, found, wanted } = difference
      const remedy = `leave that as it is, or take another name, or forget(${printValue(options.name)}) it first`
      throw refuse(
        'failed_precondition',
        `${what}: the engine has it with ${option} ${found}, not ${wanted}: ${remedy}`,
      )
    } catch (failure) {
      throw explainFailure(what, failure)
    }
  }

  /** Whether there is a consumer; undefined where the server does not say. */
  async hasReader(name: string): Promise<boolean | undefined> {
    try {
      return (await this.#findReader(name)) !== undefined
    } catch {
      // Whoever asks will ask again.
      return undefined
    }
  }

  /** Deletes a consumer. Resolves with whether there was one. */
  async deleteReader(name: string, what: string): Promise<boolean> {
    try {
      return await this.#manager.consumers.delete(this.names.events, name)
    } catch (failure) {
      if (isMissing(failure)) return false
      throw explainFailure(what, failure)
    }
  }

  async #findReader(name: string): Promise<ReaderInfo | undefined> {
    try {
      return await this.#manager.consumers.info(this.names.events, name)
    } catch (failure) {
      if (isMissing(failure)) return undefined
      throw failure
    }
  }

  async #ensureStream(name: string, subjects: string): Promise<void> {
    const { limits, logger } = this.#options
    const wanted = describeStream(name, subjects, limits)
    const what = `stream ${printValue(name)} cannot be used for durable events`
    try {
      const { config } = await this.#findOrAddStream(wanted)
      const { essential, others } = compareStream(wanted, config)
      if (essential.length > 0) {
        const remedy = 'mend it with the nats command, or delete it: then a peer makes it'
        throw refuse('failed_precondition', `${what}: it has ${essential.join(', ')}: ${remedy}`)
      }
      if (others.length > 0) logger.warn('a stream is used as it is, which is not as it was to be', { name, others })
    } catch (failure) {
      throw isRefusal(failure) ? failure : explainFailure(what, failure)
    }
  }

  async #findOrAddStream(wanted: ReturnType<typeof describeStream>): ReturnType<Manager['streams']['add']> {
    const { streams } = this.#manager
    try {
      return await streams.info(wanted.name)
    } catch (failure) {
      if (!isMissing(failure)) throw failure
    }
    try {
      return await streams.add(wanted)
    } catch (failure) {
      // Another peer was faster, and had other limits.
      if (readCode(failure) === NAME_IN_USE) return streams.info(wanted.name)
      throw failure
    }
  }
}

/** `JSStreamNameExistErr`, `JSStreamNotFoundErr` and `JSConsumerNotFoundErr` of the server's errors.json. */
const NAME_IN_USE = 10058
const MISSING: readonly unknown[] = [10059, 10014]

function isMissing(failure: unknown): boolean {
  return MISSING.includes(readCode(failure))
}

function readCode(failure: unknown): unknown {
  return (failure as { readonly code?: unknown } | undefined)?.code
}

function checkVersion(version: string): void {
  if (!isOlderServer(version, OLDEST_DURABLE_SERVER)) return
  const needed = `durable events take ${OLDEST_DURABLE_SERVER} or newer`
  throw refuse('failed_precondition', `the engine is nats-server ${printValue(version)}: ${needed}`)
}
