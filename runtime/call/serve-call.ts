import type { Logger } from '../api/logger.js'
import type { Peer } from '../api/peer.js'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import { suggest } from '../errors/suggest.js'
import { checkEncodable } from '../validation/check-value.js'
import { decodeJson, decodeUtf8, MalformedJsonError } from '../wire/decode-json.js'
import type { ArrivedCall, ServedCall, WireAnswer } from '../wire/exchange.js'
import { MAX_ANSWER_BYTES } from '../wire/limits.js'
import { CallContext } from './call-context.js'
import { CallScope } from './call-scope.js'
import type { ConnectedConnection } from './connected-connection.js'
import type { Connections } from './connections.js'
import type { Deadlines } from './deadlines.js'
import { reportFailure } from './report-failure.js'
import { runHandler } from './run-handler.js'

/** What serving needs of the peer. */
export interface ServiceOptions {
  readonly peer: Peer
  /** The peer in words, for tracebacks. */
  readonly label: () => string
  readonly connections: Connections
  readonly deadlines: Deadlines
  readonly logger: Logger
  /** The longest time that a caller may ask for, in milliseconds. */
  readonly maxTimeoutMs: number
  /** How many calls may be in flight; more are refused with `resource_exhausted`. */
  readonly maxInFlight: number
}

/** Answers the calls that arrive, whatever brought them. */
export class Service {
  readonly #options: ServiceOptions
  readonly #inFlight = new Set<CallScope>()

  constructor(options: ServiceOptions) {
    this.#options = options
  }

  serves(tag: string): boolean {
    return this.#options.connections.find(tag) !== undefined
  }

  serve(call: ArrivedCall): ServedCall {
    const { deadlines, maxTimeoutMs } = this.#options
    const timeoutMs = Math.min(call.timeLeftMs ?? maxTimeoutMs, maxTimeoutMs)
    const scope = new CallScope(deadlines, call.tag, timeoutMs)
    return {
      answer: this.#answer(call, scope),
      cancel: () => scope.stop({ code: 'canceled', message: `${call.tag} was canceled by its caller` }),
    }
  }

  /** Stops every handler's signal: the peer is closing. */
  close(): void {
    for (const scope of this.#inFlight) scope.stop({ code: 'unavailable', message: 'the peer is closing' })
  }

  #answer(call: ArrivedCall, scope: CallScope): WireAnswer | Promise<WireAnswer> {
    this.#options.logger.debug('remote request', { tag: call.tag, caller: call.caller?.id })
    try {
      if (this.#inFlight.size >= this.#options.maxInFlight) throw this.#refuseLoad(call.tag)
      this.#inFlight.add(scope)
      const connection = this.#find(call.tag)
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
      if (descriptor.output !== 'none') checkEncodable(call.tag, 'output', output)
      const body = writeOutput(call.tag, output)
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
  }

  #find(tag: string): ConnectedConnection {
    const { connections, label } = this.#options
    const connection = connections.find(tag)
    if (connection !== undefined) return connection
    const tags = connections.served.map((served) => served.tag)
    const near = suggest(tag, tags)
    const hint = near === undefined ? listTags(tags) : `did you mean ${printValue(near)}?`
    throw refuse('unimplemented', `${label()} has no connection ${printValue(tag)}: ${hint}`)
  }

  #run(connection: ConnectedConnection, call: ArrivedCall, scope: CallScope): unknown {
    const { peer, logger } = this.#options
    const { handler } = connection
    if (handler === undefined) throw refuse('internal', `${call.tag} is served without a handler`)
    const input = readInput(call)
    return runHandler({
      connection,
      handler,
      input: connection.descriptor.input === 'none' ? undefined : input,
      form: 'wire',
      context: new CallContext(peer, call.tag, scope, call.caller),
      scope,
      logger,
    })
  }

  #refuseLoad(tag: string): Error {
    const { label, maxInFlight } = this.#options
    return refuse(
      'resource_exhausted',
      `${label()} refuses ${tag}: ${maxInFlight} calls are in flight, which is its limit`,
    )
  }
}

function writeOutput(tag: string, output: unknown): string {
  const body = output === undefined ? 'null' : JSON.stringify(output)
  // UTF-8 has at most three bytes for each unit of UTF-16: most answers need no counting.
  if (body.length * 3 <= MAX_ANSWER_BYTES) return body
  const bytes = Buffer.byteLength(body)
  if (bytes <= MAX_ANSWER_BYTES) return body
  const problem = `it has ${bytes} bytes of JSON, at most ${MAX_ANSWER_BYTES} are allowed: answer it in parts`
  throw refuse('resource_exhausted', `output of ${tag} is refused: ${problem}`, { maybeExecuted: true })
}

function readInput(call: ArrivedCall): unknown {
  try {
    const { input } = call
    if ('value' in input) return input.value
    return decodeJson(typeof input.text === 'string' ? input.text : decodeUtf8(input.text))
  } catch (error) {
    if (!(error instanceof MalformedJsonError)) throw error
    throw refuse('invalid_argument', `input of ${call.tag} is refused: ${error.message}`)
  }
}

const MAX_LISTED_TAGS = 10

function listTags(tags: readonly string[]): string {
  // Every peer has netgen's own.
  const own = tags.filter((tag) => !tag.startsWith('netgen.'))
  if (own.length === 0) return 'it has none of its own'
  const shown = own.slice(0, MAX_LISTED_TAGS).join(', ')
  return `it has ${own.length > MAX_LISTED_TAGS ? `${shown}, and ${own.length - MAX_LISTED_TAGS} more` : shown}`
}
