import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'

/** Names a value that interceptors hand inwards, and says its type. Two keys of one name are two keys. */
export interface ContextKey<Value> {
  readonly name: string
  /** For the type checker only. */
  readonly '~value'?: (value: Value) => Value
}

/** Makes a key. The name is for messages. */
export function createContextKey<Value>(name: string): ContextKey<Value> {
  return Object.freeze({ name })
}

/** What the interceptors of one side of one call hand to those inside them, and at the callee to the handler. It never travels. */
export class ContextValues {
  #values: Map<object, unknown> | undefined

  /** The value, or undefined where none was set. */
  get<Value>(key: ContextKey<Value>): Value | undefined {
    // `set` has put a value of the key's own type there.
    return this.#values?.get(key) as Value | undefined
  }

  /** The value. Throws `internal` where none was set: the interceptor that does is missing on this peer. */
  require<Value>(key: ContextKey<Value>): Value {
    if (this.#values?.has(key) === true) return this.#values.get(key) as Value
    throw refuse(
      'internal',
      `context value ${printValue(key.name)} is not set: give createPeer the interceptor that sets it`,
    )
  }

  set<Value>(key: ContextKey<Value>, value: Value): this {
    this.#values ??= new Map()
    this.#values.set(key, value)
    return this
  }
}
