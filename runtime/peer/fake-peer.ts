import type { Context } from '../api/context.js'
import type { Descriptor } from '../api/descriptor.js'
import type { Peer } from '../api/peer.js'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import { hintAt } from '../errors/suggest.js'
import { createMemoryNetwork, type MemoryNetwork } from './memory-network.js'

/** One call that a fake peer got. */
export interface FakeCall<Input> {
  /** As the handler would have it: checked and decoded. `undefined` where the connection takes none. */
  readonly input: Input
  readonly context: Context
}

type InputOf<Handler> = Handler extends (...args: infer Args) => unknown
  ? Args extends [infer Input, Context]
    ? Input
    : undefined
  : never

/** The calls of each connection, in their order. */
export type FakeCalls<Handlers> = {
  readonly [Name in keyof Handlers]: readonly FakeCall<InputOf<Handlers[Name]>>[]
}

/** How to make a fake peer. */
export interface FakePeerOptions<Handlers> {
  /** What answers; may be given later, and a part of them. Default: nothing, so that each call is `unimplemented`. */
  readonly handlers?: Partial<Handlers>
  /** Where others find it. Default: a network of its own. */
  readonly network?: MemoryNetwork
  /** Default: `default`. */
  readonly group?: string
}

/** A peer that answers what a test tells it to, and remembers what it was called with. */
export interface FakePeer<Stub, Handlers> extends AsyncDisposable {
  /** The peer itself, for `{ peer: fake.peer.id }`, and for others of its network to find. */
  readonly peer: Peer
  readonly network: MemoryNetwork
  /** Calls the fake without naming it, for code that is given a stub. */
  readonly stub: Stub
  /** What arrived, whatever became of it. */
  readonly calls: FakeCalls<Handlers>
  /** Answers from now on with these; those of other connections stay. Throws `invalid_argument` for a name there is none of. */
  handle(handlers: Partial<Handlers>): void
  /** Forgets the calls, and goes back to the handlers that it was made with. */
  reset(): void
  close(): Promise<void>
}

/**
 * Makes a peer for tests that answers as it is told. Inputs, outputs and errors take the way of real calls: an answer that the
 * schema does not allow fails the call, as it would later.
 */
export async function createFakePeer<Stub, Handlers extends object>(
  descriptor: Descriptor<Stub, Handlers>,
  options: FakePeerOptions<Handlers> = {},
): Promise<FakePeer<Stub, Handlers>> {
  const names = descriptor.connections.map(({ name }) => name)
  const first = readHandlers(descriptor.name, names, options.handlers ?? {})
  const current = new Map(first)
  const calls = new Map<string, FakeCall<unknown>[]>(names.map((name) => [name, []]))
  const recorders = descriptor.connections.map(({ name, tag, input }) => {
    const record = (...args: readonly unknown[]): unknown => {
      const [value, context] = input === 'none' ? [undefined, args[0]] : args
      calls.get(name)?.push({ input: value, context: context as Context })
      const handler = current.get(name)
      if (handler === undefined) throw refuseUnset(name, tag)
      return handler(...args)
    }
    return [name, record] as const
  })
  const network = options.network ?? createMemoryNetwork()
  const peer = await network.createPeer({ ...(options.group !== undefined && { group: options.group }) })
  // One function for each connection of the same descriptor.
  const stub = peer.connect<Stub, unknown>(descriptor as Descriptor<Stub, unknown>, Object.fromEntries(recorders))
  const close = (): Promise<void> => (options.network === undefined ? network.close() : peer.close())
  return {
    peer,
    network,
    stub,
    calls: Object.fromEntries(calls) as unknown as FakeCalls<Handlers>,
    handle: (handlers) => {
      for (const [name, handler] of readHandlers(descriptor.name, names, handlers)) current.set(name, handler)
    },
    reset: () => {
      current.clear()
      for (const [name, handler] of first) current.set(name, handler)
      for (const list of calls.values()) list.length = 0
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

type AnyHandler = (...args: readonly unknown[]) => unknown

function readHandlers(schema: string, names: readonly string[], handlers: object): [string, AnyHandler][] {
  for (const name of Object.keys(handlers)) {
    // An object with fields of its own may be given, as to `peer.connect`; only functions can be mistyped handlers.
    const isHandler = typeof (handlers as Record<string, unknown>)[name] === 'function'
    if (isHandler && !names.includes(name)) throw refuseName(schema, name, names)
  }
  return names.flatMap((name): [string, AnyHandler][] => {
    // A class instance has its methods on its prototype.
    const handler: unknown = (handlers as Record<string, unknown>)[name]
    if (handler === undefined) return []
    if (typeof handler === 'function') return [[name, handler.bind(handlers) as AnyHandler]]
    const problem = `handler ${printValue(name)} of ${schema} is ${printValue(handler)}, expected a function`
    throw refuse('invalid_argument', problem)
  })
}

function refuseName(schema: string, name: string, names: readonly string[]): Error {
  const hint = hintAt(name, names, `it has ${names.join(', ')}`)
  return refuse('invalid_argument', `${schema} has no connection ${printValue(name)}: ${hint}`)
}

function refuseUnset(name: string, tag: string): Error {
  return refuse(
    'unimplemented',
    `the fake peer has no handler for ${tag}: give it one, such as fake.handle({ ${name}: () => … })`,
  )
}
