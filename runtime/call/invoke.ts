import type { CallOptions, PeerTarget } from '../api/call.js'
import type { Interceptor, OutgoingCall } from '../api/interceptor.js'
import type { RemotePeer } from '../api/remote-peer.js'
import { isRefusal, refuse } from '../errors/refuse.js'
import { type CallSite, captureCallSite } from '../traceback/call-site.js'
import { CallSiteBudget } from '../traceback/call-site-budget.js'
import { isJoined, joinTraceback } from '../traceback/join-traceback.js'
import { decodePart } from '../validation/check-value.js'
import type { ConnectionChecks } from '../validation/validate.js'
import type { CallerIdentity, ReceivedAnswer, WireCall } from '../wire/exchange.js'
import type { Metadata } from '../wire/metadata.js'
import { reviveError } from '../wire/revive-error.js'
import { CallContext } from './call-context.js'
import type { ConnectedConnection } from './connected-connection.js'
import { ConnectionErrors } from './connection-errors.js'
import type { Runner, Stub } from './create-stub.js'
import { interceptOutgoing } from './interceptors/intercept-outgoing.js'
import type { InvokerOptions } from './invoker-options.js'
import { readCallArguments, readTarget } from './read-arguments.js'
import { RemoteFailure } from './remote-failure.js'
import { CallIds } from './repeats/call-ids.js'
import { Retrier } from './repeats/retrier.js'
import { refuseUnserved, runHandler } from './run-handler.js'
import { CallScope } from './scope/call-scope.js'
import { findRunningCall } from './scope/running-call.js'
import { checkPeriodMs, checkTimeoutMs } from './scope/timeouts.js'
import { explainMisfit, explainRefusal } from './skew/explain-skew.js'
import { CallerStream } from './streams/caller-stream.js'
import type { Steps } from './streams/step-iterator.js'
import { writeInput } from './wire-values.js'

/** Runs calls: here, or on another peer. */
export class Invoker implements Runner {
  readonly #options: InvokerOptions
  readonly #caller: CallerIdentity
  readonly #callSites = new CallSiteBudget()
  readonly #callIds = new CallIds()
  readonly #retrier = new Retrier()
  #callsMade = 0

  constructor(options: InvokerOptions) {
    this.#options = options
    const { id, group } = options.peer
    this.#caller = { id, group }
  }

  captureSite(stub: Stub, nowMs: number = performance.now()): CallSite | undefined {
    const { callSites, callerInterceptors } = this.#options
    // V8's own record of who awaits is too short to reach through interceptors.
    return callSites && (callerInterceptors !== undefined || this.#callSites.take(nowMs))
      ? captureCallSite(stub)
      : undefined
  }

  /**
   * One call, from a stub's arguments, none of them checked yet, to its output. `from` is the stub, which its caller has just
   * called, or where that was.
   *
   * One function from the stub on, and one promise below it: each further one would cost a call some 3 %.
   */
  async one(connection: ConnectedConnection, args: readonly unknown[], from: CallSite | Stub): Promise<unknown> {
    // Here the caller is still on the stack; in the `catch` only those are who wait for this function.
    const nowMs = performance.now()
    const site = typeof from === 'function' ? this.captureSite(from, nowMs) : from
    let scope: CallScope | undefined
    try {
      const { input, options } = readCallArguments(connection, args)
      const target = readTarget(options)
      const retryMs = options.retryMs === undefined ? this.#options.retryMs : checkPeriodMs('retryMs', options.retryMs)
      scope = this.#openScope(connection, options, nowMs)
      this.#callsMade++
      const { callerInterceptors } = this.#options
      if (callerInterceptors !== undefined) {
        return await this.#intercept(callerInterceptors, connection, input, target, scope, retryMs, site)
      }
      try {
        if (this.#isHere(target)) return await this.#callHere(connection, input, scope, undefined)
        return this.#receive(connection, scope, await this.#callThere(connection, input, target, scope, undefined))
      } catch (thrown) {
        return await this.#repeat(thrown, connection, input, target, scope, undefined, retryMs)
      }
    } catch (thrown) {
      throw this.explain(thrown, site ?? captureCallSite(this.one))
    } finally {
      scope?.finish()
    }
  }

  stream(connection: ConnectedConnection, args: readonly unknown[], explain: Steps['explain']): CallerStream {
    return new CallerStream(this.#options, connection, args, explain)
  }

  /** What the caller gets to see of what a call threw: an error whose stack begins at the call site. */
  explain(thrown: unknown, site: CallSite): unknown {
    if (thrown instanceof RemoteFailure) return reviveError(thrown.record, site, thrown.origin, thrown.declared)
    // A handler may let the refusal of a call of its own through: that one keeps the line of the handler.
    if (isRefusal(thrown) && !isJoined(thrown)) joinTraceback(thrown, site)
    return thrown
  }

  /** Ends the waits between attempts: the peer is closing. */
  close(): void {
    this.#retrier.close()
  }

  #openScope(connection: ConnectedConnection, options: CallOptions, nowMs: number): CallScope {
    const timeoutMs =
      options.timeoutMs === undefined
        ? (connection.descriptor.timeoutMs ?? this.#options.timeoutMs)
        : checkTimeoutMs(options.timeoutMs)
    const parent = options.detached === true ? undefined : findRunningCall()
    return new CallScope(this.#options.deadlines, connection.tag, timeoutMs, options.signal, parent, nowMs)
  }

  #intercept(
    interceptors: readonly Interceptor<OutgoingCall>[],
    connection: ConnectedConnection,
    input: unknown,
    target: PeerTarget | undefined,
    scope: CallScope,
    retryMs: number,
    site: CallSite | undefined,
  ): Promise<unknown> {
    const { peer, logger } = this.#options
    const makeCall = async (changed: unknown, metadata: Metadata): Promise<unknown> => {
      try {
        return await this.#routeRepeatedly(connection, changed, target, scope, metadata, retryMs)
      } catch (thrown) {
        throw this.explain(thrown, site ?? captureCallSite(makeCall))
      }
    }
    return interceptOutgoing({ interceptors, peer, logger }, { connection, input, target, scope }, makeCall)
  }

  /** Whether a call takes no way at all. */
  #isHere(target: PeerTarget | undefined): boolean {
    return target === undefined && !this.#options.strictLocal
  }

  async #route(
    connection: ConnectedConnection,
    input: unknown,
    target: PeerTarget | undefined,
    scope: CallScope,
    metadata: Metadata | undefined,
  ): Promise<unknown> {
    if (this.#isHere(target)) return this.#callHere(connection, input, scope, metadata)
    return this.#receive(connection, scope, await this.#callThere(connection, input, target, scope, metadata))
  }

  async #routeRepeatedly(
    connection: ConnectedConnection,
    input: unknown,
    target: PeerTarget | undefined,
    scope: CallScope,
    metadata: Metadata | undefined,
    retryMs: number,
  ): Promise<unknown> {
    try {
      return await this.#route(connection, input, target, scope, metadata)
    } catch (thrown) {
      return this.#repeat(thrown, connection, input, target, scope, metadata, retryMs)
    }
  }

  async #repeat(
    thrown: unknown,
    connection: ConnectedConnection,
    input: unknown,
    target: PeerTarget | undefined,
    scope: CallScope,
    metadata: Metadata | undefined,
    retryMs: number,
  ): Promise<unknown> {
    if (target === undefined) throw thrown
    try {
      return await this.#retrier.repeat(thrown, {
        target,
        scope,
        isIdempotent: connection.descriptor.idempotent,
        retryMs,
        callsMade: this.#callsMade,
        attempt: () => this.#route(connection, input, target, scope, metadata),
      })
    } catch (failure) {
      throw await explainMisfit(failure, connection.descriptor, scope.callee, this.#options)
    }
  }

  #callHere(
    connection: ConnectedConnection,
    input: unknown,
    scope: CallScope,
    metadata: Metadata | undefined,
  ): unknown {
    const { peer, logger, calleeInterceptors } = this.#options
    logger.debug('local request', { tag: connection.tag })
    const { handler } = connection
    if (handler === undefined) throw refuseUnserved(connection.tag)
    const context = new CallContext(peer, connection.tag, scope, undefined)
    const interception = calleeInterceptors && { interceptors: calleeInterceptors, metadata: new Map(metadata) }
    return runHandler({ connection, handler, input, form: 'application', context, scope, logger, interception })
  }

  #callThere(
    connection: ConnectedConnection,
    input: unknown,
    target: PeerTarget | undefined,
    scope: CallScope,
    metadata: Metadata | undefined,
  ): Promise<ReceivedAnswer> {
    const found = target === undefined ? undefined : this.#options.resolve(target, scope)
    if (!(found instanceof Promise)) return this.#exchange(connection, input, found, scope, metadata)
    return found.then((to) => this.#exchange(connection, input, to, scope, metadata))
  }

  #exchange(
    connection: ConnectedConnection,
    input: unknown,
    found: RemotePeer | undefined,
    scope: CallScope,
    metadata: Metadata | undefined,
  ): Promise<ReceivedAnswer> {
    // A peer may be told to call itself, as one of all: then there is no way to go.
    const to = found?.id === this.#options.peer.id ? undefined : found
    if (to === undefined && connection.handler === undefined) throw refuseUnserved(connection.tag)
    const checks = connection.checks.get()
    if (!(checks instanceof Promise)) return this.#send(connection, checks, input, to, scope, metadata)
    return checks.then((loaded) => this.#send(connection, loaded, input, to, scope, metadata))
  }

  #send(
    connection: ConnectedConnection,
    checks: ConnectionChecks,
    input: unknown,
    to: RemotePeer | undefined,
    scope: CallScope,
    metadata: Metadata | undefined,
  ): Promise<ReceivedAnswer> {
    // A second attempt sends what the first one did.
    const request = scope.request
    const call =
      request === undefined
        ? this.#write(connection, checks, input, to, scope, metadata)
        : { ...request, timeLeftMs: scope.sentTimeLeftMs }
    if (scope.stopped !== undefined) throw scope.toError(scope.stopped)
    scope.request = call
    scope.callee = to
    return this.#options.carry(to, call, scope)
  }

  #write(
    { tag, descriptor }: ConnectedConnection,
    checks: ConnectionChecks,
    input: unknown,
    target: RemotePeer | undefined,
    scope: CallScope,
    metadata: Metadata | undefined,
  ): WireCall {
    return {
      tag,
      body: descriptor.input === 'none' ? 'null' : writeInput(tag, checks, input),
      timeLeftMs: scope.sentTimeLeftMs,
      caller: this.#caller,
      // Nothing is lost or doubled on the way to oneself.
      callId: descriptor.idempotent && target !== undefined ? this.#callIds.next() : undefined,
      metadata: metadata === undefined || metadata.size === 0 ? undefined : Object.fromEntries(metadata),
    }
  }

  #receive(connection: ConnectedConnection, scope: CallScope, answer: ReceivedAnswer): unknown {
    const { tag } = connection
    const checks = connection.checks.loaded
    if (checks === undefined) throw refuse('internal', `${tag} was answered before it was sent`)
    if (answer.ok) {
      return checks.output === null ? undefined : decodePart(tag, 'output', checks, answer.value)
    }
    const peer = this.#options.label(scope.callee)
    const record = explainRefusal(answer.error, connection.descriptor, peer)
    throw new RemoteFailure(record, { peer, tag }, connection.errors ?? new ConnectionErrors([], checks))
  }
}
