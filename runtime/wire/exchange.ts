import type { ErrorRecord } from './error-record.js'
import type { ReceivedFlag, WireFlag } from './flag.js'

/** The peer that calls, as it says and its token confirms. */
export interface CallerIdentity {
  readonly id: string
  readonly group: string
}

/** A call as it travels: the same for every transport. */
export interface WireCall {
  readonly tag: string
  /** The input as JSON text; `null` where there is none. */
  readonly body: string
  /** What is left of the deadline, in whole milliseconds, at least 1. */
  readonly timeLeftMs: number
  readonly caller: CallerIdentity
  /** Names a call of an idempotent connection, the same at every attempt: the callee runs it once. */
  readonly callId?: string | undefined
  /** What the caller's interceptors have set; undefined where there is nothing. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

/** An input as it arrived: JSON that is still to be read, or what a message already held. Bytes have to be UTF-8. */
export type ArrivedInput = { readonly text: string | Uint8Array } | { readonly value: unknown }

/** A call as it arrived. */
export interface ArrivedCall {
  readonly tag: string
  readonly input: ArrivedInput
  /** Absent: the callee's own limit. */
  readonly timeLeftMs?: number | undefined
  readonly caller?: CallerIdentity | undefined
  /** The caller's name for this call, which a repeat of it bears too. */
  readonly callId?: string | undefined
  /** What should be an object of texts: not checked yet. */
  readonly metadata?: unknown
}

/** What the callee answers: the output as JSON text, an error, or a flag. No two share a shape. */
export type WireAnswer =
  | { readonly ok: true; readonly body: string }
  | { readonly ok: false; readonly error: ErrorRecord; readonly flag?: never }
  | { readonly ok: false; readonly flag: WireFlag; readonly error?: never }

/** What the caller gets: the output as the JSON held it, not checked yet, an error, or a flag. */
export type ReceivedAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: ErrorRecord; readonly flag?: never }
  | { readonly ok: false; readonly flag: ReceivedFlag; readonly error?: never }

/**
 * Reads what comes of a call that was sent. What a function answers settles the promise of the call, which takes on a promise as
 * its own. Neither throws.
 */
export interface Receiver {
  receive(answer: ReceivedAnswer): unknown
  /** There will be no answer. */
  fail(error: unknown): unknown
}

/** A call that is being served. */
export interface ServedCall {
  /** There at once where the handler answered at once. Never rejects. */
  readonly answer: WireAnswer | Promise<WireAnswer>
  /**
   * The caller does not wait any more: stops the handler's signal. Where it `isLost`, and its call has a name, only if it does not
   * repeat the call soon. Does nothing once the answer is there.
   */
  cancel(isLost?: boolean): void
}

/** Answers a call that arrived. */
export type Serve = (call: ArrivedCall) => ServedCall
