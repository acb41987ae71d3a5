import { cutText } from '../../../errors/print-value.js'
import type { ErrorRecord } from '../../../wire/error-record.js'
import type { CallerIdentity } from '../../../wire/exchange.js'
import { isCount } from '../../../wire/is-count.js'
import { decodeObject } from '../../../wire/json-object.js'
import { ERROR_RECORD_DEPTH, MAX_ANSWER_BYTES, MAX_DEPTH } from '../../../wire/limits.js'
import { readErrorRecord } from '../../../wire/read-error-record.js'
import { createRefusal } from '../../../wire/refusal-record.js'
import { decodeTag, encodeTag } from '../../../wire/tag.js'
import { readRecord, readSender } from '../identity-record.js'

/** How much is told of an error that is too long for a message, in UTF-16 units: every engine takes that, however JSON has to write it. */
const MAX_TOLD_LENGTH = 400

/** A peer subscribes to an event, or renews that. */
export interface Subscribing {
  readonly subscriber: CallerIdentity
  /** The subscriber's own number of the subscription, from 1 on: one that is opened instead of another has a larger one. */
  readonly feed: number
  readonly tag: string
}

/** A peer ends a subscription of its own. */
export type Unsubscribing = Pick<Subscribing, 'feed'> & { readonly id: string }

/** A peer has failed at an event. */
export interface ToldFailure {
  readonly id: string
  /** The publisher's number of the event. */
  readonly event: number
  readonly sequence: number
  readonly error: ErrorRecord
}

export function printSubscribing({ subscriber: { id, group }, feed, tag }: Subscribing): string {
  return JSON.stringify({ peer: { id, group }, feed, tag: encodeTag(tag) })
}

/** Answers undefined where it is nothing of the kind, as the others do. */
export function readSubscribing(data: Uint8Array): Subscribing | undefined {
  const { peer, feed, tag: encoded } = readRecord(data) ?? {}
  const subscriber = readSender(peer)
  const tag = typeof encoded === 'string' ? decodeTag(encoded) : undefined
  return subscriber !== undefined && isCount(feed) && tag !== undefined ? { subscriber, feed, tag } : undefined
}

export function printUnsubscribing({ id, feed }: Unsubscribing): string {
  return JSON.stringify({ id, feed })
}

export function readUnsubscribing(data: Uint8Array): Unsubscribing | undefined {
  const { id, feed } = readRecord(data) ?? {}
  return typeof id === 'string' && isCount(feed) ? { id, feed } : undefined
}

/** `maxBytes` is what one message takes: of an error that is longer, only its code and message are told. */
export function printFailure(failure: ToldFailure, maxBytes: number): string {
  const text = JSON.stringify(failure)
  if (text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes) return text
  const { code, message, maybeExecuted, errorId } = failure.error
  const told = createRefusal(code, cutText(message, MAX_TOLD_LENGTH))
  return JSON.stringify({ ...failure, error: { ...told, maybeExecuted, errorId } })
}

export function readFailure(data: Uint8Array): ToldFailure | undefined {
  if (data.length > MAX_ANSWER_BYTES) return undefined
  const { id, event, sequence, error: record } = decodeObject(data, MAX_DEPTH + ERROR_RECORD_DEPTH) ?? {}
  const error = readErrorRecord(record)
  const isWhole = typeof id === 'string' && isCount(event) && isCount(sequence) && error !== undefined
  return isWhole ? { id, event, sequence, error } : undefined
}
