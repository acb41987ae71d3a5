import type { RemotePeer } from '../api/remote-peer.js'
import { refuse } from '../errors/refuse.js'
import { decodePart } from '../validation/check-value.js'
import type { ConnectionChecks } from '../validation/validate.js'
import type { CallerIdentity, ReceivedAnswer, WireCall } from '../wire/exchange.js'
import type { Metadata } from '../wire/metadata.js'
import type { ConnectedConnection } from './connected-connection.js'
import { ConnectionErrors } from './connection-errors.js'
import { EndingFlag } from './flags/ending-flag.js'
import { refuseUnservedHere } from './flags/unserved.js'
import type { InvokerOptions } from './invoker-options.js'
import { RemoteFailure } from './remote-failure.js'
import { CallIds } from './repeats/call-ids.js'
import { tellLate } from './scope/tell-late.js'
import { tellSkew } from './skew/explain-skew.js'
import type { UnaryCall } from './unary-call.js'
import { writeInput } from './wire-values.js'

/** Single attempts at calls: each finds the peer, checks and writes the input, and sends it; and reads the answer. */
export class Attempts {
  readonly #options: InvokerOptions
  readonly #caller: CallerIdentity
  readonly #callIds = new CallIds()

  constructor(options: InvokerOptions) {
    this.#options = options
    const { id, group } = options.peer
    this.#caller = { id, group }
  }

  /** Makes one, with what interceptors made of the input. Throws, or rejects, for what was found here; what the callee found is an answer. */
  send(call: UnaryCall, input: unknown, metadata: Metadata | undefined): Promise<ReceivedAnswer> {
    const { connection, target, scope } = call
    const found = target === undefined ? undefined : this.#options.resolve(target, connection, scope)
    if (!(found instanceof Promise)) return this.#exchange(call, input, found, metadata)
    return found.then((to) => this.#exchange(call, input, to, metadata))
  }

  /**
   * Makes the first one with a single promise, which the call settles as its own receiver; undefined where something has to be awaited
   * before the call can leave, or it goes to oneself. Throws as `send` does.
   */
  sendAtOnce(call: UnaryCall): Promise<unknown> | undefined {
    const { peer, resolve, carryAtOnce } = this.#options
    const { connection, input, target, scope } = call
    const checks = connection.checks.loaded
    // A peer that was given is there at once; one that has to be chosen may not be.
    if (typeof target !== 'object' || !('id' in target) || checks === undefined) return undefined
    const to = resolve(target, connection, scope)
    if (to instanceof Promise || to.id === peer.id) return undefined
    const request = this.#write(connection, checks, input, to, scope.sentTimeoutMs, undefined)
    if (scope.stopped !== undefined) throw scope.toError(scope.stopped)
    scope.request = request
    scope.callee = to
    return carryAtOnce(to, request, scope, call)
  }

  /** The output of an answer, checked. Throws a {@link RemoteFailure} for an error that the callee wrote down, and the flag that it ended with. */
  read({ connection, scope }: UnaryCall, answer: ReceivedAnswer): unknown {
    const { tag } = connection
    const checks = connection.checks.loaded
    if (checks === undefined) throw refuse('internal', `${tag} was answered before it was sent`)
    if (answer.ok) {
      return checks.output === null ? undefined : decodePart(tag, 'output', checks, answer.value)
    }
    if (answer.flag !== undefined) throw new EndingFlag(answer.flag.tag, answer.flag.data)
    const peer = this.#options.label(scope.callee)
    const record = tellLate(tellSkew(answer.error, connection.descriptor, peer), tag, scope)
    throw new RemoteFailure(record, { peer, tag }, connection.errors ?? new ConnectionErrors([], checks))
  }

  #exchange(
    call: UnaryCall,
    input: unknown,
    found: RemotePeer | undefined,
    metadata: Metadata | undefined,
  ): Promise<ReceivedAnswer> {
    const { connection } = call
    // A peer may be told to call itself, as one of all: then there is no way to go.
    const to = found?.id === this.#options.peer.id ? undefined : found
    if (to === undefined && connection.handler === undefined) throw refuseUnservedHere(connection.tag, this.#options)
    const checks = connection.checks.get()
    if (!(checks instanceof Promise)) return this.#send(call, checks, input, to, metadata)
    return checks.then((loaded) => this.#send(call, loaded, input, to, metadata))
  }

  #send(
    { connection, scope }: UnaryCall,
    checks: ConnectionChecks,
    input: unknown,
    to: RemotePeer | undefined,
    metadata: Metadata | undefined,
  ): Promise<ReceivedAnswer> {
    const timeLeftMs = scope.sentTimeLeftMs
    // A second attempt sends what the first one did.
    const request =
      scope.request === undefined
        ? this.#write(connection, checks, input, to, timeLeftMs, metadata)
        : { ...scope.request, timeLeftMs }
    if (scope.stopped !== undefined) throw scope.toError(scope.stopped)
    scope.request = request
    scope.callee = to
    return this.#options.carry(to, request, scope)
  }

  #write(
    { tag, descriptor }: ConnectedConnection,
    checks: ConnectionChecks,
    input: unknown,
    target: RemotePeer | undefined,
    timeLeftMs: number,
    metadata: Metadata | undefined,
  ): WireCall {
    return {
      tag,
      body: descriptor.input === 'none' ? 'null' : writeInput(tag, checks, input),
      timeLeftMs,
      caller: this.#caller,
      // Nothing is lost or doubled on the way to oneself.
      callId: descriptor.idempotent && target !== undefined ? this.#callIds.next() : undefined,
      metadata: metadata === undefined || metadata.size === 0 ? undefined : Object.fromEntries(metadata),
    }
  }
}
