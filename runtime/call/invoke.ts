import type { CallOptions } from '../api/call.js'
import type { Logger } from '../api/logger.js'
import type { Peer } from '../api/peer.js'
import type { RemotePeer } from '../api/remote-peer.js'
import { printValue } from '../errors/print-value.js'
import { isRefusal, refuse } from '../errors/refuse.js'
import type { CallSite } from '../traceback/call-site.js'
import { isJoined, joinTraceback } from '../traceback/join-traceback.js'
import { checkEncodable, decodePart, encodePart } from '../validation/check-value.js'
import type { ConnectionChecks } from '../validation/validate.js'
import type { ReceivedAnswer, WireCall } from '../wire/exchange.js'
import { MAX_REQUEST_BYTES } from '../wire/limits.js'
import { reviveError } from '../wire/revive-error.js'
import { CallContext } from './call-context.js'
import { CallScope } from './call-scope.js'
import type { ConnectedConnection } from './connected-connection.js'
import { ConnectionErrors } from './connection-errors.js'
import type { Deadlines } from './deadlines.js'
import { readCallArguments } from './read-arguments.js'
import { runHandler } from './run-handler.js'
import { checkTimeoutMs } from './timeouts.js'

/** What calling needs of the peer. */
export interface InvokerOptions {
  readonly peer: Peer
  readonly deadlines: Deadlines
  readonly logger: Logger
  /** Milliseconds, for connections that declare none. */
  readonly timeoutMs: number
  /** Local calls take the way of remote ones: encoded, limited, decoded. */
  readonly strictLocal: boolean
  /** Finds the peer that is meant. Rejects with `not_found` or `unavailable`. */
  readonly resolve: (target: unknown, scope: CallScope) => Promise<RemotePeer>
  /** Carries a call to a peer; to this one where none is given. */
  readonly carry: (peer: RemotePeer | undefined, call: WireCall, scope: CallScope) => Promise<ReceivedAnswer>
  /** A peer in words. */
  readonly label: (peer: RemotePeer | undefined) => string
}

/** Runs calls: here, or on another peer. */
export class Invoker {
  readonly #options: InvokerOptions

  constructor(options: InvokerOptions) {
    this.#options = options
  }

  /** One call, from a stub's arguments to its output or its error. */
  async invoke(connection: ConnectedConnection, args: readonly unknown[], site: CallSite): Promise<unknown> {
    const { input, options } = this.explain(site, () => readCallArguments(connection, args))
    return this.call(connection, input, options, site)
  }

  /** Rethrows a refusal of `run` with a stack that begins at the call site. */
  explain<Value>(site: CallSite, run: () => Value): Value {
    try {
      return run()
    } catch (error) {
      joinRefusal(error, site)
      throw error
    }
  }

  /** The same with arguments that were read. An error that began in netgen has a stack that begins at the call site. */
  async call(connection: ConnectedConnection, input: unknown, options: CallOptions, site: CallSite): Promise<unknown> {
    let scope: CallScope | undefined
    try {
      const isRemote = readIsRemote(options)
      scope = this.#openScope(connection, options)
      if (isRemote) return await this.#callThere(connection, input, options.peer, scope, site)
      if (this.#options.strictLocal) return await this.#exchange(connection, input, undefined, scope, site)
      return await this.#callHere(connection, input, scope)
    } catch (error) {
      joinRefusal(error, site)
      throw error
    } finally {
      scope?.finish()
    }
  }

  #openScope(connection: ConnectedConnection, options: CallOptions): CallScope {
    const timeoutMs =
      options.timeoutMs === undefined
        ? (connection.descriptor.timeoutMs ?? this.#options.timeoutMs)
        : checkTimeoutMs(options.timeoutMs)
    return new CallScope(this.#options.deadlines, connection.tag, timeoutMs, options.signal)
  }

  #callHere(connection: ConnectedConnection, input: unknown, scope: CallScope): Promise<unknown> {
    const { peer, logger } = this.#options
    logger.debug('local request', { tag: connection.tag })
    const { handler } = connection
    if (handler === undefined) throw refuseUnserved(connection.tag)
    const context = new CallContext(peer, connection.tag, scope, undefined)
    return runHandler(connection, handler, input, 'application', context, scope, logger)
  }

  async #callThere(
    connection: ConnectedConnection,
    input: unknown,
    target: unknown,
    scope: CallScope,
    site: CallSite,
  ): Promise<unknown> {
    const { peer, resolve } = this.#options
    const found = await resolve(target, scope)
    // A peer may be told to call itself, as one of all: then there is no way to go.
    return this.#exchange(connection, input, found.id === peer.id ? undefined : found, scope, site)
  }

  async #exchange(
    connection: ConnectedConnection,
    input: unknown,
    target: RemotePeer | undefined,
    scope: CallScope,
    site: CallSite,
  ): Promise<unknown> {
    const { peer, carry, label } = this.#options
    if (target === undefined && connection.handler === undefined) throw refuseUnserved(connection.tag)
    const checks = await connection.checks.get()
    const body = this.#encode(connection, input, checks)
    const timeLeftMs = Math.max(1, Math.ceil(scope.timeLeftMs))
    const call = { tag: connection.tag, body, timeLeftMs, caller: { id: peer.id, group: peer.group } }
    if (scope.stopped !== undefined) throw scope.toError(scope.stopped)
    const answer = await carry(target, call, scope)
    if (!answer.ok) {
      const { errorId } = answer.error
      const remote = { peer: label(target), tag: connection.tag, errorId, hops: answer.error.hops }
      throw reviveError(answer.error, site, remote, connection.errors ?? new ConnectionErrors([], checks))
    }
    if (checks.output === null) return undefined
    return decodePart(connection.tag, 'output', checks, answer.value)
  }

  #encode(connection: ConnectedConnection, input: unknown, checks: ConnectionChecks): string {
    if (!connection.descriptor.hasInput) return 'null'
    const encoded = encodePart(connection.tag, 'input', checks, input)
    checkEncodable(connection.tag, 'input', encoded)
    // Only an input of `Unknown` can be undefined and still pass its check.
    const body = encoded === undefined ? 'null' : JSON.stringify(encoded)
    if (body.length > MAX_REQUEST_BYTES || Buffer.byteLength(body) > MAX_REQUEST_BYTES) {
      throw refuse(
        'resource_exhausted',
        `input of ${connection.tag} has ${Buffer.byteLength(body)} bytes of JSON, at most ${MAX_REQUEST_BYTES} are allowed: send it in parts`,
      )
    }
    return body
  }
}

/** A handler may let the refusal of a call of its own through: that one keeps the line of the handler. */
function joinRefusal(error: unknown, site: CallSite): void {
  if (isRefusal(error) && !isJoined(error)) joinTraceback(error, site)
}

/** Whether the call goes elsewhere. A `peer` that is there without a value is a routing mistake, not a local call. */
function readIsRemote(options: CallOptions): boolean {
  if (!('peer' in options)) return false
  if (options.peer !== undefined && options.peer !== null) return true
  throw refuse(
    'invalid_argument',
    `peer is ${printValue(options.peer)}, expected a peer, an id or host:port: leave it out to call here`,
  )
}

function refuseUnserved(tag: string): Error {
  return refuse(
    'unimplemented',
    `${tag} has no handler here: give peer.connect the handlers, or the call a peer: { peer }`,
  )
}
