import type { Metadata } from '../wire/metadata.js'
import type { CallTarget } from './call.js'
import type { ContextValues } from './context-values.js'
import type { ConnectionDescriptor } from './descriptor.js'
import type { Logger } from './logger.js'
import type { Peer } from './peer.js'
import type { RemotePeer } from './remote-peer.js'

/** What an interceptor sees of a call, at either side of it. */
interface CallView {
  /** The tag that is called: at the callee it may be an alias. */
  readonly tag: string
  /** What is called, as generated code describes it: its own tag, and whether input and output are values or streams. */
  readonly connection: ConnectionDescriptor
  /** As the application has it, checked: a value, an AsyncIterable where the input is a stream, undefined where there is none. */
  readonly input: unknown
  /** What interceptors further out have set, to be read by those further in, and at the callee by the handler. */
  readonly values: ContextValues
  /** The peer that this runs on. */
  readonly peer: Peer
  /** That peer's. */
  readonly logger: Logger
  /** Fires when the caller cancelled, is gone, or the deadline passed. */
  readonly signal: AbortSignal
  /** Milliseconds until the deadline, never below 0. */
  readonly timeLeftMs: number
}

/** A call that is made by this peer. */
export interface OutgoingCall extends CallView {
  readonly side: 'caller'
  /** Travels with the call, also to the handlers of this peer. */
  readonly metadata: Metadata
  /** Where it goes, as the caller said it; absent: here. */
  readonly target?: CallTarget
}

/** A call that is answered by this peer, also one of its own. */
export interface IncomingCall extends CallView {
  readonly side: 'callee'
  /** What the caller's interceptors have set. */
  readonly metadata: ReadonlyMap<string, string>
  /** The peer that called; absent when it called itself, or when it did not say who it is. */
  readonly caller?: Pick<RemotePeer, 'id' | 'group'>
}

/** A call at one of its sides, which `side` tells apart. */
export type InterceptedCall = OutgoingCall | IncomingCall

/**
 * A call's output: a value, or an AsyncIterable where the output is a stream. It is undefined where nothing is declared; the type
 * leaves that out, so that an interceptor that forgets `return` does not compile.
 */
export type Answer = NonNullable<unknown> | null

/** What an interceptor may hand inwards instead of what it was given. */
export interface NextChanges {
  readonly input: unknown
}

/** Runs what is further in, once: the next interceptor, or the call itself. Rejects with what that throws. */
export type Next = (changes?: NextChanges) => Promise<Answer>

/**
 * Stands around every call of one side of a peer, or of both: `(call, next) => next()`.
 *
 * It may hand on another input, answer another output, which are checked again, answer by itself, or refuse by throwing. What
 * it throws at the callee reaches the caller like a handler's error.
 */
export type Interceptor<Call extends InterceptedCall = InterceptedCall> = (call: Call, next: Next) => Promise<Answer>

/** The interceptors of a peer, for each side the outermost first. */
export interface Interceptors {
  /** Around the calls that this peer makes. */
  readonly caller?: readonly Interceptor<OutgoingCall>[]
  /** Around the calls that this peer answers, netgen's own among them. */
  readonly callee?: readonly Interceptor<IncomingCall>[]
}
