import type { IncomingCall, Interceptor } from '../api/interceptor.js'
import type { Logger } from '../api/logger.js'
import type { Peer } from '../api/peer.js'
import { isRefusal, refuse } from '../errors/refuse.js'
import type { ErrorRecord } from '../wire/error-record.js'
import type { ArrivedCall, ServedCall, WireAnswer } from '../wire/exchange.js'
import { readMetadata } from '../wire/metadata.js'
import { createRefusal } from '../wire/refusal-record.js'
import { CallContext } from './call-context.js'
import { CallScope } from './call-scope.js'
import type { ConnectedConnection } from './connected-connection.js'
import type { ConnectedSchema, Connections } from './connections.js'
import type { Deadlines } from './deadlines.js'
import type { ErrorPolicy } from './error-policy.js'
import { findServed } from './find-served.js'
import { type NamedCall, RepeatedCalls } from './repeated-calls.js'
import { reportFailure } from './report-failure.js'
import { runHandler } from './run-handler.js'
import { readInput, writeOutput } from './wire-values.js'

/** What serving needs of the peer. */
export interface ServiceOptions {
  readonly peer: Peer
  /** The peer in words, for tracebacks. */
  readonly label: () => string
  readonly connections: Connections
  readonly deadlines: Deadlines
  readonly logger: Logger
  readonly errorPolicy: ErrorPolicy
  /** The longest time that a caller may ask for, in milliseconds. */
  readonly maxTimeoutMs: number
  /** How many calls may be in flight; more are refused with `resource_exhausted`. */
  readonly maxInFlight: number
  /** Around the handlers; absent: none. */
  readonly calleeInterceptors?: readonly Interceptor<IncomingCall>[] | undefined
}

/** Answers the calls that arrive, whatever brought them. */
export class Service {
  readonly #options: ServiceOptions
  readonly #inFlight = new Set<CallScope>()
  readonly #repeated: RepeatedCalls
  #isLeaving = false
  #onIdle: (() => void) | undefined

  constructor(options: ServiceOptions) {
    this.#options = options
    this.#repeated = new RepeatedCalls((call) => this.#begin(call), options.deadlines)
  }

  serves(tag: string): boolean {
    return this.#options.connections.find(tag) !== undefined
  }

  get isFull(): boolean {
    return this.#inFlight.size >= this.#options.maxInFlight
  }

  get schemas(): Iterable<ConnectedSchema> {
    return this.#options.connections.schemas
  }

  serve(call: ArrivedCall): ServedCall {
    const named = call.callId === undefined ? undefined : readNamed(call, call.callId)
    return named === undefined ? this.#begin(call) : this.#repeated.serve(named)
  }

  #begin(call: ArrivedCall): ServedCall {
    if (this.isFull) return { answer: { ok: false, error: this.#refuseLoad(call.tag) }, cancel: () => {} }
    const { deadlines, maxTimeoutMs } = this.#options
    const timeoutMs = Math.min(call.timeLeftMs ?? maxTimeoutMs, maxTimeoutMs)
    const scope = new CallScope(deadlines, call.tag, timeoutMs)
    return {
      answer: this.#answer(call, scope),
      cancel: () => scope.stop({ code: 'canceled', message: `${call.tag} was canceled by its caller` }),
    }
  }

  /** Refuses the calls of others from now on. Resolves when none is in flight any more. */
  leave(): Promise<void> {
    this.#isLeaving = true
    if (this.#inFlight.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#onIdle = resolve
    })
  }

  /** Stops every handler's signal: the peer is closing. */
  close(): void {
    for (const scope of this.#inFlight) scope.stop({ code: 'unavailable', message: 'the peer is closing' })
    this.#repeated.close()
  }

  #answer(call: ArrivedCall, scope: CallScope): WireAnswer | Promise<WireAnswer> {
    this.#options.logger.debug('remote request', { tag: call.tag, caller: call.caller?.id })
    try {
      if (this.#isLeaving && call.caller?.id !== this.#options.peer.id) throw this.#refuseNew(call.tag)
      this.#inFlight.add(scope)
      const connection = findServed(this.#options, call.tag)
      const output = this.#run(connection, call, scope)
      if (!(output instanceof Promise)) return this.#succeed(connection, call, scope, output)
      return output.then(
        (value) => this.#succeed(connection, call, scope, value),
        (thrown: unknown) => this.#fail(thrown, call, scope),
      )
    } catch (thrown) {
      return this.#fail(thrown, call, scope)
    }
  }

  #succeed({ descriptor }: ConnectedConnection, call: ArrivedCall, scope: CallScope, output: unknown): WireAnswer {
    try {
      const body = descriptor.output === 'none' ? 'null' : writeOutput(call.tag, output)
      this.#end(scope)
      return { ok: true, body }
    } catch (thrown) {
      return this.#fail(thrown, call, scope)
    }
  }

  #fail(thrown: unknown, call: ArrivedCall, scope: CallScope): WireAnswer {
    this.#end(scope)
    return { ok: false, error: reportFailure(this.#options, thrown, call, scope) }
  }

  #end(scope: CallScope): void {
    this.#inFlight.delete(scope)
    scope.finish()
    if (this.#inFlight.size === 0) this.#onIdle?.()
  }

  #run(connection: ConnectedConnection, call: ArrivedCall, scope: CallScope): unknown {
    const { peer, logger, calleeInterceptors } = this.#options
    const { handler } = connection
    if (handler === undefined) throw refuse('internal', `${call.tag} is served without a handler`)
    const input = readInput(call)
    const metadata = call.metadata === undefined ? NO_METADATA : readMetadata(call.metadata)
    return runHandler({
      connection,
      handler,
      input: connection.descriptor.input === 'none' ? undefined : input,
      form: 'wire',
      context: new CallContext(peer, call.tag, scope, call.caller),
      scope,
      logger,
      interception: calleeInterceptors && { interceptors: calleeInterceptors, metadata },
    })
  }

  #refuseNew(tag: string): Error {
    return refuse('unavailable', `${this.#options.label()} refuses ${tag}: it is closing, call another peer`)
  }

  /** Made without an error and its stack: whoever is overloaded has to be quick at this. */
  #refuseLoad(tag: string): ErrorRecord {
    const { label, maxInFlight } = this.#options
    const message = `${label()} refuses ${tag}: ${maxInFlight} calls are in flight, which is its limit`
    return createRefusal('resource_exhausted', message)
  }
}

/** A call that has a name, with its input read; undefined where that is no JSON, which is refused as any call's. */
function readNamed(call: ArrivedCall, callId: string): NamedCall | undefined {
  try {
    return { ...call, callId, input: { value: readInput(call) } }
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
}

const NO_METADATA: ReadonlyMap<string, string> = new Map()
