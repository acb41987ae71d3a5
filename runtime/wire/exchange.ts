import type { ErrorRecord } from './error-record.js'

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
}

/** A call as it arrived. Bytes are checked to be UTF-8 before they are read. */
export interface ArrivedCall {
  readonly tag: string
  readonly body: string | Uint8Array
  /** Absent: the callee's own limit. */
  readonly timeLeftMs?: number
  readonly caller?: CallerIdentity
}

/** What a call answers: the output as JSON text, or an error. The two never share a shape. */
export type WireAnswer =
  | { readonly ok: true; readonly body: string }
  | { readonly ok: false; readonly error: ErrorRecord }

/** A call that is being served. */
export interface ServedCall {
  /** Never rejects. */
  readonly answer: Promise<WireAnswer>
  /** The caller went away: stops the handler's signal. Does nothing once the answer is there. */
  cancel(): void
}

/** Answers a call that arrived. */
export type Serve = (call: ArrivedCall) => ServedCall
