import { isRefusal, refuse } from '../errors/refuse.js'
import type { ErrorRecord } from '../wire/error-record.js'
import type { ArrivedCall, ServedCall, WireAnswer } from '../wire/exchange.js'
import { createRefusal } from '../wire/refusal-record.js'
import type { ArrivedStreamCall, ServedStream, StreamSides } from '../wire/streams.js'
import { CallContext } from './call-context.js'
import type { ConnectedConnection } from './connected-connection.js'
import type { ConnectedSchema } from './connections.js'
import { findServed } from './find-served.js'
import { answerThrown } from './flags/answer-thrown.js'
import { type NamedCall, RepeatedCalls } from './repeats/repeated-calls.js'
import { runHandler } from './run-handler.js'
import { CallScope } from './scope/call-scope.js'
import type { ServiceOptions } from './service-options.js'
import { checkSides, serveStream } from './streams/serve-stream.js'
import { readArrivedMetadata, readInput, writeOutput } from './wire-values.js'

/** Why handlers are stopped by their own peer. */
const CLOSING = { code: 'unavailable', message: 'the peer is closing' } as const

/** Answers the calls that arrive, whatever brought them. */
export class Service {
  readonly #options: ServiceOptions
  /** Those that answer later: one that answers at once is over before anything else could look for it. */
  readonly #later = new Set<CallScope>()
  #inFlight = 0
  readonly #repeated: RepeatedCalls
  /** Streams may stay open for long: they take no calls' places. */
  readonly #streams = new Set<CallScope>()
  #isLeaving = false
  #isClosed = false
  #onIdle: (() => void) | undefined

  constructor(options: ServiceOptions) {
    this.#options = options
    this.#repeated = new RepeatedCalls((call) => this.#begin(call), options.deadlines)
  }

  serves(tag: string): boolean {
    return this.#options.connections.find(tag) !== undefined
  }

  followServed(listener: (tag: string) => void): void {
    this.#options.connections.followServed(listener)
  }

  get isFull(): boolean {
    return this.#inFlight >= this.#options.maxInFlight
  }

  get engine(): string | undefined {
    return this.#options.engine?.()
  }

  get tags(): readonly string[] {
    return this.#options.connections.served.map(({ tag }) => tag)
  }

  get schemas(): Iterable<ConnectedSchema> {
    return this.#options.connections.schemas
  }

  /** Which sides of what answers a tag are streams; undefined where none is, and where nothing answers it. */
  sides(tag: string): StreamSides | undefined {
    return this.#options.connections.find(tag)?.sides
  }

  serveStream(call: ArrivedStreamCall): ServedStream {
    const scope = this.#openScope(call)
    this.#streams.add(scope)
    return serveStream(this.#options, call, scope, {
      admit: () => {
        if (this.#isClosedTo(call)) throw this.#refuseNew(call.tag)
      },
      onEnd: () => {
        this.#streams.delete(scope)
        scope.finish()
        this.#tellIdle()
      },
    })
  }

  serve(call: ArrivedCall): ServedCall {
    const named = readNamed(call)
    return named === undefined ? this.#begin(call) : this.#repeated.serve(named)
  }

  #begin(call: ArrivedCall): ServedCall {
    if (this.isFull) return { answer: { ok: false, error: this.#refuseLoad(call.tag) }, cancel: () => {} }
    const scope = this.#openScope(call)
    return new BegunCall(call.tag, scope, this.#answer(call, scope))
  }

  /** Refuses the calls of others from now on. Resolves when none is in flight any more. */
  leave(): Promise<void> {
    this.#isLeaving = true
    return new Promise((resolve) => {
      this.#onIdle = resolve
      this.#tellIdle()
    })
  }

  /** Stops every handler's signal: the peer is closing. */
  close(): void {
    this.#isClosed = true
    for (const scope of [...this.#later, ...this.#streams]) {
      scope.stop(CLOSING)
    }
    this.#repeated.close()
  }

  #openScope(call: ArrivedCall): CallScope {
    const { deadlines, maxTimeoutMs } = this.#options
    const timeoutMs = Math.min(call.timeLeftMs ?? maxTimeoutMs, maxTimeoutMs)
    return new CallScope(deadlines, call.tag, timeoutMs)
  }

  #answer(call: ArrivedCall, scope: CallScope): WireAnswer | Promise<WireAnswer> {
    this.#options.logger.debug('remote request', { tag: call.tag, caller: call.caller?.id })
    this.#inFlight++
    try {
      if (this.#isClosedTo(call)) throw this.#refuseNew(call.tag)
      const connection = findServed(this.#options, call.tag)
      checkSides(call.tag, connection.sides, undefined)
      const output = this.#run(connection, call, scope)
      if (output instanceof Promise) return this.#answerLater(connection, call, scope, output)
      return this.#succeed(connection, call, scope, output)
    } catch (thrown) {
      return this.#fail(thrown, call, scope)
    }
  }

  /** Apart: what functions made in a function need is made at its beginning, for the calls that are answered at once too. */
  #answerLater(
    connection: ConnectedConnection,
    call: ArrivedCall,
    scope: CallScope,
    output: Promise<unknown>,
  ): Promise<WireAnswer> {
    this.#later.add(scope)
    if (this.#isClosed) scope.stop(CLOSING)
    return output.then(
      (value) => this.#succeed(connection, call, scope, value),
      (thrown: unknown) => this.#fail(thrown, call, scope),
    )
  }

  #succeed(
    { descriptor }: ConnectedConnection,
    call: ArrivedCall,
    scope: CallScope,
    output: unknown,
  ): WireAnswer | Promise<WireAnswer> {
    try {
      const body = descriptor.output === 'none' ? 'null' : writeOutput(call.tag, output)
      this.#end(scope)
      return { ok: true, body }
    } catch (thrown) {
      return this.#fail(thrown, call, scope)
    }
  }

  #fail(thrown: unknown, call: ArrivedCall, scope: CallScope): WireAnswer | Promise<WireAnswer> {
    const answer = answerThrown(this.#options, thrown, call, scope)
    if (answer instanceof Promise) return answer.finally(() => this.#end(scope))
    this.#end(scope)
    return answer
  }

  #end(scope: CallScope): void {
    this.#later.delete(scope)
    scope.finish()
    this.#inFlight--
    this.#tellIdle()
  }

  #tellIdle(): void {
    if (this.#inFlight === 0 && this.#streams.size === 0) this.#onIdle?.()
  }

  #run(connection: ConnectedConnection, call: ArrivedCall, scope: CallScope): unknown {
    const { peer, logger, calleeInterceptors } = this.#options
    const { handler } = connection
    if (handler === undefined) throw refuse('internal', `${call.tag} is served without a handler`)
    const input = readInput(call)
    const metadata = readArrivedMetadata(call)
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

  #isClosedTo(call: ArrivedCall): boolean {
    return this.#isLeaving && call.caller?.id !== this.#options.peer.id
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

/** A call that was begun. */
class BegunCall implements ServedCall {
  readonly answer: WireAnswer | Promise<WireAnswer>
  readonly #tag: string
  readonly #scope: CallScope

  constructor(tag: string, scope: CallScope, answer: WireAnswer | Promise<WireAnswer>) {
    this.#tag = tag
    this.#scope = scope
    this.answer = answer
  }

  cancel(): void {
    this.#scope.stop({ code: 'canceled', message: `${this.#tag} was canceled by its caller` })
  }
}

/** A call that has a name, with its input read; undefined where it has none, or its input is no JSON: it is refused as any call's. */
function readNamed(call: ArrivedCall): NamedCall | undefined {
  if (call.callId === undefined) return undefined
  if (isNamed(call)) return call
  try {
    return { ...call, callId: call.callId, input: { value: readInput(call) } }
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
}

function isNamed(call: ArrivedCall): call is NamedCall {
  return 'value' in call.input && call.callId !== undefined
}
