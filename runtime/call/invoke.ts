import type { CallOptions } from '../api/call.js'
import type { Interceptor, OutgoingCall } from '../api/interceptor.js'
import { FlagError } from '../errors/flag-error.js'
import { isInstance } from '../errors/is-error.js'
import { isRefusal } from '../errors/refuse.js'
import { type CallSite, captureCallSite } from '../traceback/call-site.js'
import { CallSiteBudget } from '../traceback/call-site-budget.js'
import { isJoined, joinTraceback } from '../traceback/join-traceback.js'
import type { ReceivedAnswer } from '../wire/exchange.js'
import type { Metadata } from '../wire/metadata.js'
import { reviveError } from '../wire/revive-error.js'
import { Attempts } from './attempts.js'
import { CallContext } from './call-context.js'
import type { ConnectedConnection } from './connected-connection.js'
import type { Runner, Stub } from './create-stub.js'
import { settleThrown } from './flags/settle-thrown.js'
import { refuseUnservedHere } from './flags/unserved.js'
import { interceptOutgoing } from './interceptors/intercept-outgoing.js'
import type { InvokerOptions } from './invoker-options.js'
import { readCallArguments, readTarget } from './read-arguments.js'
import { RemoteFailure } from './remote-failure.js'
import { Retrier } from './repeats/retrier.js'
import { runHandler } from './run-handler.js'
import { CallScope } from './scope/call-scope.js'
import { findRunningCall } from './scope/running-call.js'
import { checkPeriodMs, checkTimeoutMs } from './scope/timeouts.js'
import { CallerStream } from './streams/caller-stream.js'
import type { Steps } from './streams/step-iterator.js'
import { type CallMaker, UnaryCall } from './unary-call.js'

/** Runs calls: here, or on another peer. */
export class Invoker implements Runner, CallMaker {
  readonly #options: InvokerOptions
  readonly #attempts: Attempts
  readonly #callSites = new CallSiteBudget()
  readonly #retrier = new Retrier()
  #callsMade = 0

  constructor(options: InvokerOptions) {
    this.#options = options
    this.#attempts = new Attempts(options)
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
   * Where the call can leave at once, no function of it is async and its promise is the only one: each further one would cost
   * a call some 3 %.
   */
  one(connection: ConnectedConnection, args: readonly unknown[], from: CallSite | Stub): Promise<unknown> {
    // Here the caller is still on the stack; later only those are found who wait for the promise.
    const nowMs = performance.now()
    const site = typeof from === 'function' ? this.captureSite(from, nowMs) : from
    try {
      const call = this.#open(connection, args, site, nowMs)
      return this.#sendAtOnce(call) ?? this.#run(call)
    } catch (thrown) {
      return Promise.reject(this.explain(thrown, site ?? captureCallSite(this.one)))
    }
  }

  stream(connection: ConnectedConnection, args: readonly unknown[], explain: Steps['explain']): CallerStream {
    return new CallerStream(this.#options, connection, args, explain)
  }

  /** What the caller gets to see of what a call threw: an error whose stack begins at the call site. */
  explain(thrown: unknown, site: CallSite): unknown {
    if (isInstance(thrown, RemoteFailure)) return reviveError(thrown.record, site, thrown.origin, thrown.declared)
    // A handler may let the refusal of a call of its own through: that one keeps the line of the handler.
    if ((isRefusal(thrown) || isInstance(thrown, FlagError)) && !isJoined(thrown)) joinTraceback(thrown, site)
    return thrown
  }

  /** Ends the waits between attempts: the peer is closing. */
  close(): void {
    this.#retrier.close()
  }

  receive(call: UnaryCall, answer: ReceivedAnswer): unknown {
    try {
      const output = this.#attempts.read(call, answer)
      call.scope.finish()
      return output
    } catch (thrown) {
      return this.recover(call, thrown)
    }
  }

  async recover(call: UnaryCall, thrown: unknown): Promise<unknown> {
    try {
      // The call's promise follows this one a microtask from now: then V8 knows who waits.
      await undefined
      return await this.#repeat(thrown, call, call.input, undefined)
    } catch (last) {
      throw this.explain(last, call.site ?? captureCallSite(this.recover))
    } finally {
      call.scope.finish()
    }
  }

  #open(
    connection: ConnectedConnection,
    args: readonly unknown[],
    site: CallSite | undefined,
    nowMs: number,
  ): UnaryCall {
    const { input, options } = readCallArguments(connection, args)
    const target = readTarget(options)
    const retryMs =
      options.retryMs === undefined ? this.#options.tuning.retryMs : checkPeriodMs('retryMs', options.retryMs)
    const scope = this.#openScope(connection, options, nowMs)
    this.#callsMade++
    return new UnaryCall(this, { connection, input, target, scope, retryMs, site })
  }

  #openScope(connection: ConnectedConnection, options: CallOptions, nowMs: number): CallScope {
    const timeoutMs =
      options.timeoutMs === undefined
        ? (connection.descriptor.timeoutMs ?? this.#options.tuning.timeoutMs)
        : checkTimeoutMs(options.timeoutMs)
    const parent = options.detached === true ? undefined : findRunningCall()
    return new CallScope(this.#options.deadlines, connection.tag, timeoutMs, options.signal, parent, nowMs)
  }

  #sendAtOnce(call: UnaryCall): Promise<unknown> | undefined {
    if (this.#options.callerInterceptors !== undefined) return undefined
    try {
      return this.#attempts.sendAtOnce(call)
    } catch (thrown) {
      return this.recover(call, thrown)
    }
  }

  async #run(call: UnaryCall): Promise<unknown> {
    const { callerInterceptors } = this.#options
    try {
      if (callerInterceptors !== undefined) return await this.#intercept(callerInterceptors, call)
      // As `#routeRepeatedly` does, without two more promises.
      try {
        if (this.#isHere(call)) return await this.#callHere(call, call.input, undefined)
        return this.#attempts.read(call, await this.#attempts.send(call, call.input, undefined))
      } catch (thrown) {
        return await this.#repeat(thrown, call, call.input, undefined)
      }
    } catch (thrown) {
      throw this.explain(thrown, call.site ?? captureCallSite(this.#run))
    } finally {
      call.scope.finish()
    }
  }

  #intercept(interceptors: readonly Interceptor<OutgoingCall>[], call: UnaryCall): Promise<unknown> {
    const { peer, logger } = this.#options
    const makeCall = async (changed: unknown, metadata: Metadata): Promise<unknown> => {
      try {
        return await this.#routeRepeatedly(call, changed, metadata)
      } catch (thrown) {
        throw this.explain(thrown, call.site ?? captureCallSite(makeCall))
      }
    }
    return interceptOutgoing({ interceptors, peer, logger }, call, makeCall)
  }

  async #routeRepeatedly(call: UnaryCall, input: unknown, metadata: Metadata | undefined): Promise<unknown> {
    try {
      return await this.#route(call, input, metadata)
    } catch (thrown) {
      return await this.#repeat(thrown, call, input, metadata)
    }
  }

  /** Whether a call takes no way at all. */
  #isHere({ target }: UnaryCall): boolean {
    return target === undefined && !this.#options.strictLocal
  }

  async #route(call: UnaryCall, input: unknown, metadata: Metadata | undefined): Promise<unknown> {
    if (this.#isHere(call)) return this.#callHere(call, input, metadata)
    return this.#attempts.read(call, await this.#attempts.send(call, input, metadata))
  }

  /** What comes of a call whose first attempt threw: what a further one answers, or what the flag means that it ended with. */
  async #repeat(thrown: unknown, call: UnaryCall, input: unknown, metadata: Metadata | undefined): Promise<unknown> {
    const { connection, target, scope, retryMs } = call
    if (target === undefined) return await settleThrown(this.#options, thrown, call, undefined)
    try {
      return await this.#retrier.repeat(thrown, {
        target,
        scope,
        isIdempotent: connection.descriptor.idempotent,
        retryMs,
        callsMade: this.#callsMade,
        attempt: () => this.#route(call, input, metadata),
      })
    } catch (failure) {
      return await settleThrown(this.#options, failure, call, scope.callee)
    }
  }

  #callHere({ connection, scope }: UnaryCall, input: unknown, metadata: Metadata | undefined): unknown {
    const { peer, logger, calleeInterceptors } = this.#options
    logger.debug('local request', { tag: connection.tag })
    const { handler } = connection
    if (handler === undefined) throw refuseUnservedHere(connection.tag, this.#options)
    const context = new CallContext(peer, connection.tag, scope, undefined)
    const interception = calleeInterceptors && { interceptors: calleeInterceptors, metadata: new Map(metadata) }
    return runHandler({ connection, handler, input, form: 'application', context, scope, logger, interception })
  }
}
