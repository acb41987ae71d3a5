import { inspect } from 'node:util'
import type { EngineAccess } from '../../api/engine-access.js'
import { connectEngine, type EngineUser } from './connect-engine.js'
import type { NatsEngine } from './nats-engine.js'
import type { BeatSettings, NatsSettings } from './nats-options.js'

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
