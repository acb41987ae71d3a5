import type { CallOptions, CallTarget } from '../../api/call.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { checkPart } from '../../validation/check-value.js'
import type { ConnectionChecks } from '../../validation/validate.js'
import type { ErrorRecord } from '../../wire/error-record.js'
import type { Metadata } from '../../wire/metadata.js'
import type { ItemReader, ItemSource, Pulled, StreamSides } from '../../wire/streams.js'
import { CallContext } from '../call-context.js'
import type { ConnectedConnection } from '../connected-connection.js'
import { ConnectionErrors } from '../connection-errors.js'
import { settleThrown } from '../flags/settle-thrown.js'
import { refuseUnservedHere } from '../flags/unserved.js'
import { interceptOutgoing, type MakeCall } from '../interceptors/intercept-outgoing.js'
import type { InvokerOptions } from '../invoker-options.js'
import { readCallArguments, readTarget } from '../read-arguments.js'
import { RemoteFailure } from '../remote-failure.js'
import { CallScope } from '../scope/call-scope.js'
import { findRunningCall } from '../scope/running-call.js'
import { tellLate } from '../scope/tell-late.js'
import { checkTimeoutMs, MAX_TIMEOUT_MS } from '../scope/timeouts.js'
import { tellSkew } from '../skew/explain-skew.js'
import { writeInput } from '../wire-values.js'
import { HandlerStream } from './handler-stream.js'
import { IdleLimit } from './idle-limit.js'
import { InputItems } from './input-items.js'
import { InterceptedOutput } from './intercepted-output.js'
import { ReceivedOutput } from './received-output.js'
import { StepIterator, type Steps } from './step-iterator.js'

/**
 * One call with a stream, at the caller: the items of the output, and as ending the output where it is none. The first pull
 * opens it: before that nothing is read, sent or run.
 *
 * What a pull rejects with is to be explained to the caller, but for what the caller's own input threw.
 */
export class CallerStream implements ItemReader<unknown, unknown> {
  readonly #options: InvokerOptions
  readonly #connection: ConnectedConnection
  readonly #args: readonly unknown[]
  readonly #explain: Steps['explain']
  #scope: CallScope | undefined
  #idle: IdleLimit | undefined
  #isInputOver = true
  #isLeftInside = false
  #inputFailure: { readonly thrown: unknown } | undefined
  #items: ItemSource<unknown, undefined> | undefined
  #reader: ItemReader<unknown, unknown> | undefined
  #intercepted: InterceptedOutput | undefined

  /** `explain` says what interceptors get to see of what a call threw. */
  constructor(
    options: InvokerOptions,
    connection: ConnectedConnection,
    args: readonly unknown[],
    explain: Steps['explain'],
  ) {
    this.#options = options
    this.#connection = connection
    this.#args = args
    this.#explain = explain
  }

  async pull(): Promise<Pulled<unknown, unknown>> {
    if (this.#isInputOver) this.#idle?.beginWait()
    try {
      this.#reader ??= await this.#open()
      const pulled = await this.#reader.pull()
      if (pulled.done) this.#finish()
      else this.#idle?.endWait()
      return pulled
    } catch (thrown) {
      // The other side may not know yet that it is over.
      this.leave()
      throw this.#inputFailure === undefined ? thrown : this.#inputFailure.thrown
    }
  }

  /** Ends the call before its end: the handler's signal fires, and generators are closed at both sides. */
  leave(): void {
    this.#scope?.stop({ code: 'canceled', message: `${this.#connection.tag} was left by its caller` })
    this.#finish()
  }

  /** An interceptor reads no further; what it makes of that goes on. */
  #leaveInside(): void {
    this.#isLeftInside = true
    this.#scope?.stop({ code: 'canceled', message: `${this.#connection.tag} was left by an interceptor` })
  }

  #finish(): void {
    this.#intercepted?.close((error) => this.#logLate('an interceptor failed after its call had ended', error))
    this.#idle?.close()
    this.#scope?.finish()
    this.#items?.cancel()
  }

  async #open(): Promise<ItemReader<unknown, unknown>> {
    const { callerInterceptors: interceptors, peer, logger } = this.#options
    const connection = this.#connection
    const { input, options } = readCallArguments(connection, this.#args)
    const target = readTarget(options)
    const scope = this.#openScope(options)
    if (interceptors === undefined) return this.#route(input, target, undefined, scope)
    const makeCall: MakeCall = (changed, metadata) => this.#makeInnerCall(changed, target, metadata, scope)
    const output = await interceptOutgoing(
      { interceptors, peer, logger },
      { connection, input, target, scope },
      makeCall,
    )
    if (connection.descriptor.output !== 'stream') return { pull: () => ({ done: true, value: output }) }
    this.#intercepted = new InterceptedOutput(connection, await connection.checks.get(), output)
    scope.onStopAround((reason) => {
      if (!this.#isLeftInside) this.#intercepted?.stop(scope.toError(reason))
    })
    return this.#intercepted
  }

  /** The call as interceptors have it: a stream as an async iterable, and errors as the caller gets to see them. */
  async #makeInnerCall(
    input: unknown,
    target: CallTarget | undefined,
    metadata: Metadata,
    scope: CallScope,
  ): Promise<unknown> {
    try {
      const reader = await this.#route(input, target, metadata, scope)
      if (this.#connection.descriptor.output !== 'stream') return (await reader.pull()).value
      return new StepIterator({ reader, leave: () => this.#leaveInside(), explain: this.#explain })
    } catch (thrown) {
      throw this.#explain(thrown, this.#makeInnerCall)
    }
  }

  async #route(
    input: unknown,
    target: CallTarget | undefined,
    metadata: Metadata | undefined,
    scope: CallScope,
  ): Promise<ItemReader<unknown, unknown>> {
    const { peer, resolve, strictLocal } = this.#options
    const connection = this.#connection
    const found = target === undefined ? undefined : await resolve(target, connection, scope)
    const other = found?.id === peer.id ? undefined : found
    if (other === undefined && connection.handler === undefined) throw refuseUnservedHere(connection.tag, this.#options)
    const checks = await connection.checks.get()
    if (scope.stopped !== undefined) throw scope.toError(scope.stopped)
    return target !== undefined || strictLocal
      ? this.#openThere(checks, input, other, metadata, scope)
      : this.#openHere(checks, input, metadata, scope)
  }

  /**
   * A time that the call or the connection names is the time of the whole stream. Otherwise a stream may last, and the peer's
   * limit is one for each wait: what is open for long is no fault, what gives nothing is.
   */
  #openScope({ timeoutMs: asked, signal, detached }: CallOptions): CallScope {
    const { deadlines, tuning } = this.#options
    const limitMs = tuning.timeoutMs
    const { tag, descriptor } = this.#connection
    const timeoutMs = asked === undefined ? descriptor.timeoutMs : checkTimeoutMs(asked)
    const parent = detached === true ? undefined : findRunningCall()
    const scope = new CallScope(deadlines, tag, timeoutMs ?? MAX_TIMEOUT_MS, signal, parent)
    this.#scope = scope
    if (timeoutMs !== undefined) return scope
    const message = `${tag} gave nothing for ${limitMs} ms: name a timeoutMs for the whole stream where it may take longer`
    this.#idle = new IdleLimit(deadlines, limitMs, () => scope.stop({ code: 'deadline_exceeded', message }))
    if (this.#isInputOver) this.#idle.beginWait()
    return scope
  }

  #openHere(checks: ConnectionChecks, input: unknown, metadata: Metadata | undefined, scope: CallScope): HandlerStream {
    const { peer, logger, calleeInterceptors } = this.#options
    const connection = this.#connection
    const { tag, handler } = connection
    if (handler === undefined) throw refuseUnservedHere(connection.tag, this.#options)
    logger.debug('local request', { tag })
    const items = this.#openInput(input, scope, (item, index) => checkPart(tag, 'input', checks, item, index))
    const context = new CallContext(peer, tag, scope, undefined)
    const interception = calleeInterceptors && { interceptors: calleeInterceptors, metadata: new Map(metadata) }
    const run = { connection, handler, input, items, context, scope, logger, interception }
    const settle = (thrown: unknown): Promise<unknown> => this.#settle(thrown, undefined, scope)
    return new HandlerStream({ ...run, form: 'application', settle })
  }

  /** What the call ends with that failed, as `settleThrown` says. */
  #settle(thrown: unknown, callee: RemotePeer | undefined, scope: CallScope): Promise<unknown> {
    // Its items are asked for no more, however long its end takes.
    this.#items?.cancel()
    return settleThrown(this.#options, thrown, { connection: this.#connection, scope }, callee)
  }

  async #openThere(
    checks: ConnectionChecks,
    input: unknown,
    target: RemotePeer | undefined,
    metadata: Metadata | undefined,
    scope: CallScope,
  ): Promise<ItemReader<unknown, unknown>> {
    const { peer, carryStream, label } = this.#options
    const connection = this.#connection
    const { tag, descriptor } = connection
    const items = this.#openInput(input, scope, (item, index) => writeInput(tag, checks, item, index))
    const call = {
      tag,
      body: descriptor.input === 'value' ? writeInput(tag, checks, input) : 'null',
      timeLeftMs: scope.sentTimeLeftMs,
      caller: { id: peer.id, group: peer.group },
      metadata: metadata === undefined || metadata.size === 0 ? undefined : Object.fromEntries(metadata),
      sides: connection.sides as StreamSides,
      ...(items === undefined ? {} : { items }),
    }
    const stream = await carryStream(target, call, scope)
    const toFailure = (record: ErrorRecord): RemoteFailure => {
      const origin = { peer: label(target), tag }
      const explained = tellLate(tellSkew(record, descriptor, origin.peer), tag, scope)
      return new RemoteFailure(explained, origin, connection.errors ?? new ConnectionErrors([], checks))
    }
    const settle = (thrown: unknown): Promise<unknown> => this.#settle(thrown, target, scope)
    return new ReceivedOutput({ connection, checks, stream, toFailure, settle })
  }

  #openInput<Item>(
    input: unknown,
    scope: CallScope,
    write: (item: unknown, index: number) => Item,
  ): ItemSource<Item, undefined> | undefined {
    const { tag, descriptor } = this.#connection
    if (descriptor.input !== 'stream') return undefined
    this.#isInputOver = false
    this.#idle?.endWait()
    const items = new InputItems({
      tag,
      input,
      write,
      onEnd: (failure) => {
        this.#isInputOver = true
        this.#inputFailure = failure
        if (failure === undefined) this.#idle?.beginWait()
        else scope.stop({ code: 'canceled', message: `the input of ${tag} ended with an error` })
      },
      onLateError: (error) => this.#logLate('an input failed after its call had ended', error),
    })
    this.#items = items
    return items
  }

  #logLate(message: string, error: unknown): void {
    // What gives up with its signal's reason did what it should.
    if (error !== this.#scope?.signal.reason) this.#options.logger.warn(message, { tag: this.#connection.tag, error })
  }
}
