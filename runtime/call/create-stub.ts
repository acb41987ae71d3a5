import type { PeerResult, PeerValue } from '../api/call.js'
import type { EventDescriptor } from '../api/descriptor.js'
import { type CallSite, captureCallSite } from '../traceback/call-site.js'
import { noteCalled } from './called-connections.js'
import type { ConnectedConnection } from './connected-connection.js'
import type { ConnectedSchema } from './connections.js'
import { requireAll } from './require-all.js'
import type { CallerStream } from './streams/caller-stream.js'
import { StepIterator, type Steps } from './streams/step-iterator.js'

/** A stub's function, whatever it takes. */
export type Stub = (...args: never[]) => unknown

/** How calls are run. */
export interface Runner {
  /** Where `stub` is called, or undefined where finding out later has to do. */
  captureSite(stub: Stub): CallSite | undefined
  /** Runs a call with the arguments as they came, none of them checked yet. Rejects with what the caller may see. */
  one(connection: ConnectedConnection, args: readonly unknown[], stub: Stub): Promise<unknown>
  /** A call with a stream, opened by its first pull; the arguments are checked then too. */
  stream(connection: ConnectedConnection, args: readonly unknown[], explain: Steps['explain']): CallerStream
  /** What the caller gets to see of what a call threw. */
  explain(thrown: unknown, site: CallSite): unknown
}

type RunMany<Result> = (connection: ConnectedConnection, args: readonly unknown[], site: CallSite) => Promise<Result>

/** Run calls to many peers, and throw what the caller may see. */
export interface ManyRunner {
  readonly all: RunMany<PeerResult<unknown>[]>
  readonly first: RunMany<PeerValue<unknown>>
  readonly quorum: RunMany<PeerValue<unknown>[]>
}

/**
 * The stub of a schema: a frozen object with one function per connection, each with what calls many peers unless it has a
 * stream, and one object per event.
 */
export function createStub(
  schema: ConnectedSchema,
  runner: Runner,
  many: ManyRunner,
  connectEvent: (event: EventDescriptor) => object,
): object {
  const entries = schema.connections.map((connection) => {
    const call = createCall(connection, runner, many)
    noteCalled(call, connection.descriptor)
    return [connection.descriptor.name, call]
  })
  const events = schema.events.map((event) => [event.name, connectEvent(event)])
  return Object.freeze(Object.fromEntries([...entries, ...events]))
}

function createCall(connection: ConnectedConnection, runner: Runner, many: ManyRunner): object {
  if (connection.sides !== undefined) {
    return connection.sides === 'input' ? createInputCall(connection, runner) : createStreamCall(connection, runner)
  }
  const one = (...args: unknown[]): Promise<unknown> => runner.one(connection, args, one)
  const all = (...args: unknown[]): Promise<unknown> => many.all(connection, args, captureCallSite(all))
  const allOrThrow = async (...args: unknown[]): Promise<unknown> => {
    const site = captureCallSite(allOrThrow)
    return requireAll(await many.all(connection, args, site), connection.tag, site)
  }
  const first = (...args: unknown[]): Promise<unknown> => many.first(connection, args, captureCallSite(first))
  const quorum = (...args: unknown[]): Promise<unknown> => many.quorum(connection, args, captureCallSite(quorum))
  return Object.freeze(Object.assign(one, { all, allOrThrow, first, quorum }))
}

/** The output is a stream: what it gives at once is left until the first `next()`. */
function createStreamCall(connection: ConnectedConnection, runner: Runner): object {
  const open = (...args: unknown[]): StepIterator => {
    const site = runner.captureSite(open)
    const explain: Steps['explain'] = (thrown, step) => runner.explain(thrown, site ?? captureCallSite(step))
    const stream = runner.stream(connection, args, explain)
    return new StepIterator({ reader: stream, leave: () => stream.leave(), explain })
  }
  return Object.freeze(open)
}

/** The input alone is a stream: its call is one promise. */
function createInputCall(connection: ConnectedConnection, runner: Runner): object {
  const one = async (...args: unknown[]): Promise<unknown> => {
    const site = runner.captureSite(one)
    const explain: Steps['explain'] = (thrown, step) => runner.explain(thrown, site ?? captureCallSite(step))
    try {
      const { value } = await runner.stream(connection, args, explain).pull()
      return value
    } catch (thrown) {
      throw explain(thrown, one)
    }
  }
  return Object.freeze(one)
}
