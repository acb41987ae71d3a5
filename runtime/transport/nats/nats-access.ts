import { inspect } from 'node:util'
import type { EngineAccess } from '../../api/engine-access.js'
import { connectEngine, type EngineUser } from './connect-engine.js'
import type { NatsEngine } from './nats-engine.js'
import { type BeatSettings, type NatsOptions, type NatsSettings, readNatsOptions } from './nats-options.js'

/** How an engine of NATS is reached. What it was told to log in with is not to be seen. */
export class NatsAccess implements EngineAccess {
  static {
    Object.defineProperty(this.prototype, inspect.custom, { value: this.prototype.toString })
  }

  readonly engine = 'nats'
  readonly servers: readonly string[]
  readonly beats: BeatSettings
  readonly #settings: NatsSettings

  constructor(settings: NatsSettings) {
    this.#settings = settings
    this.beats = Object.freeze(settings.beats)
    this.servers = Object.freeze(settings.urls.map(({ host }) => host))
    Object.freeze(this)
  }

  /** Connects, as `connectEngine` does. */
  connect(user: EngineUser): Promise<NatsEngine> {
    return connectEngine(this.#settings, user)
  }

  toString(): string {
    return `nats(${this.servers.join(', ')})`
  }
}

/**
 * Says how an engine of NATS is reached, and as whom, for `createPeer({ engine: nats({ … }) })`. Nothing is connected, and no file read,
 * before that peer listens.
 *
 * Throws `invalid_argument` for an unknown option, a value that it does not take, and two ways to log in.
 */
export function nats(options: NatsOptions): NatsAccess {
  return new NatsAccess(readNatsOptions(options))
}
