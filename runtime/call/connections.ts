import type { Descriptor, EventDescriptor } from '../api/descriptor.js'
import type { FlagDescriptor } from '../api/flag.js'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import { suggest } from '../errors/suggest.js'
import { type BoundHandler, ConnectedConnection } from './connected-connection.js'
import { isAsyncFunction } from './scope/running-call.js'

/** A schema that was connected to a peer. */
export interface ConnectedSchema {
  readonly name: string
  readonly digest: string
  readonly connections: readonly ConnectedConnection[]
  readonly events: readonly EventDescriptor[]
  readonly flags: readonly FlagDescriptor[]
}

/** All that a peer knows to call and to answer. Tags are looked up in a Map: no name of Object.prototype is a tag. */
export class Connections {
  readonly #keepsEvents: boolean
  readonly #schemas = new Map<string, ConnectedSchema>()
  readonly #served = new Map<string, ConnectedConnection>()
  readonly #listeners: ((tag: string) => void)[] = []

  /** `keepsEvents` says whether this peer has what durable events take. */
  constructor({ keepsEvents = false }: { readonly keepsEvents?: boolean } = {}) {
    this.#keepsEvents = keepsEvents
  }

  get schemas(): Iterable<ConnectedSchema> {
    return this.#schemas.values()
  }

  /** The connections that are answered here, each once. */
  get served(): ConnectedConnection[] {
    return [...new Set(this.#served.values())]
  }

  /** The connection that answers a tag or an alias here. */
  find(tag: string): ConnectedConnection | undefined {
    return this.#served.get(tag)
  }

  /** Calls the listener with each tag and alias that is answered here, now and later. */
  followServed(listener: (tag: string) => void): void {
    this.#listeners.push(listener)
    for (const tag of [...this.#served.keys()]) listener(tag)
  }

  /**
   * Adds a schema, or finds it where it was added before, and binds the handlers where some are given.
   *
   * Throws `already_exists` where it has handlers already, a tag is answered by another schema, or another one has a different event
   * with the same tag; `invalid_argument` where a handler is missing or no function, or the value is no descriptor; and
   * `failed_precondition` where an event takes an engine that this peer does not have, as nothing less is promised quietly. Then nothing was added.
   */
  add(descriptor: Descriptor<unknown, unknown>, handlers: unknown): ConnectedSchema {
    if (descriptor?.format !== 1) throw refuse('invalid_argument', explainFormat(descriptor))
    for (const event of descriptor.events) {
      if (event.delivery !== 'durable' || this.#keepsEvents) continue
      throw refuse('failed_precondition', explainDurable(descriptor.name, event))
    }
    for (const event of descriptor.events) this.#refuseOther(event)
    const known = this.#schemas.get(descriptor.digest)
    const schema = known ?? {
      name: descriptor.name,
      digest: descriptor.digest,
      connections: descriptor.connections.map((connection) => new ConnectedConnection(connection)),
      events: descriptor.events,
      flags: descriptor.flags,
    }
    if (handlers !== undefined) this.#serve(schema, handlers)
    this.#schemas.set(descriptor.digest, schema)
    return schema
  }

  /** An event is found by its tag, or an older one, alone: two with the same would be checked by the schema of the first. */
  #refuseOther(event: EventDescriptor): void {
    for (const { events } of this.#schemas.values()) {
      for (const known of events) {
        if (known.tag === event.tag && known.digest === event.digest) continue
        const shared = listTags(known).find((tag) => listTags(event).includes(tag))
        if (shared === undefined) continue
        const problem = `tag ${printValue(shared)} is an event of another schema of this peer`
        throw refuse('already_exists', `${problem}: change one of the two`)
      }
    }
  }

  #serve(schema: ConnectedSchema, handlers: unknown): void {
    const bound = bindHandlers(schema, handlers)
    for (const connection of schema.connections) {
      if (connection.handler !== undefined) {
        throw refuse('already_exists', `schema ${schema.name} has its handlers already: connect handlers once per peer`)
      }
      for (const tag of [connection.tag, ...connection.descriptor.aliases]) {
        if (!this.#served.has(tag)) continue
        throw refuse(
          'already_exists',
          `tag ${printValue(tag)} is answered by another schema of this peer: change one of the two`,
        )
      }
    }
    for (const [connection, handler] of bound) {
      connection.handler = handler
      connection.answersLater = isAsyncFunction((handlers as Record<string, unknown>)[connection.descriptor.name])
        ? true
        : undefined
      for (const tag of [connection.tag, ...connection.descriptor.aliases]) {
        this.#served.set(tag, connection)
        for (const listener of this.#listeners) listener(tag)
      }
    }
  }
}

/** The tag of an event, and its older ones. */
function listTags({ tag, aliases }: EventDescriptor): readonly string[] {
  return [tag, ...aliases]
}

function explainFormat(descriptor: unknown): string {
  const format: unknown = (descriptor as { format?: unknown } | null | undefined)?.format
  return format === undefined
    ? `${printValue(descriptor)} is no generated schema: import it from the file that \`netgen build\` wrote`
    : `the generated schema has format ${printValue(format)}, this runtime reads format 1: use the same version of netgen for both`
}

function explainDurable(schemaName: string, { tag }: EventDescriptor): string {
  return `event ${printValue(tag)} of ${schemaName} is durable, which takes an engine, and this peer has none: name one, as in createPeer({ engine: 'nats://localhost:4222' }), or declare it with delivery: 'live'`
}

function bindHandlers(schema: ConnectedSchema, handlers: unknown): Map<ConnectedConnection, BoundHandler> {
  if (typeof handlers !== 'object' || handlers === null) {
    throw refuse(
      'invalid_argument',
      `handlers of ${schema.name} are ${printValue(handlers)}, expected an object of functions`,
    )
  }
  for (const { name } of schema.events) {
    // A class of handlers may have a method of that name for itself, which is not its own property.
    if (!Object.hasOwn(handlers, name)) continue
    throw refuse(
      'invalid_argument',
      `handler ${printValue(name)} of ${schema.name} is for an event: leave it out, and give it to ${name}.subscribe`,
    )
  }
  const bound = new Map<ConnectedConnection, BoundHandler>()
  for (const connection of schema.connections) {
    const { name, input: payload } = connection.descriptor
    // A class instance has its methods on its prototype: a plain look-up is meant, for names that come from generated code.
    const handler: unknown = (handlers as Record<string, unknown>)[name]
    if (handler === undefined) throw refuse('invalid_argument', explainMissing(schema, name, handlers))
    if (typeof handler !== 'function') {
      throw refuse(
        'invalid_argument',
        `handler ${printValue(name)} of ${schema.name} is ${printValue(handler)}, expected a function`,
      )
    }
    bound.set(connection, (input, context) =>
      payload === 'none' ? handler.call(handlers, context) : handler.call(handlers, input, context),
    )
  }
  return bound
}

function explainMissing(schema: ConnectedSchema, name: string, handlers: object): string {
  const isTaken = (key: string): boolean => schema.connections.some(({ descriptor }) => descriptor.name === key)
  const near = suggest(
    name,
    Object.keys(handlers).filter((key) => !isTaken(key)),
  )
  const hint = near === undefined ? 'add it' : `did you mean it by ${printValue(near)}?`
  return `handlers of ${schema.name} lack the function ${printValue(name)}: ${hint}`
}
