import { isCallId } from '../../wire/call-id.js'
import { decodeJson, MalformedJsonError } from '../../wire/decode-json.js'
import type { ErrorRecord } from '../../wire/error-record.js'
import type { ReceivedAnswer, WireAnswer, WireCall } from '../../wire/exchange.js'
import { writeFlag as printFlag, type ReceivedFlag, readFlag, type WireFlag } from '../../wire/flag.js'
import { isCount } from '../../wire/is-count.js'
import { isObject } from '../../wire/json-object.js'
import { ERROR_RECORD_DEPTH, MAX_DEPTH, MAX_STRUCTURE } from '../../wire/limits.js'
import { readErrorRecord } from '../../wire/read-error-record.js'
import { countLevelsAround, isEvents, readEventsLine } from '../../wire/read-events.js'
import type { StreamSides, WireStreamCall } from '../../wire/streams.js'
import { type EventMessage, readEventMessage } from './events/event-messages.js'
import { isExcessInput, MAX_SIMPLE_LENGTH, refuseInput } from './excess.js'
import { type Hello, printHello, readHello } from './hello.js'
import { isCall, isItem, readAnsweredId } from './line.js'
import { readRefusedCall } from './refused-call.js'
import type { Credit } from './streams/credit.js'

const HELLO = 0
const CALL = 1
const RESULT = 2
const ERROR = 3
const CANCEL = 4
const ITEM = 5
const CREDIT = 6
const END = 7
const GOING_AWAY = 8
const FLAG = 11

/** A message, as it was read. `PROTOCOL.md` says what each means. */
export type Message =
  | { readonly kind: 'hello'; readonly hello: Hello }
  | {
      readonly kind: 'call'
      readonly id: number
      readonly tag: string
      readonly timeLeftMs: number
      readonly input: unknown
      readonly callId?: string
      readonly metadata?: object
      /** Absent where neither input nor output is a stream. */
      readonly sides?: StreamSides
      /** What the caller allows at first of an output that is a stream. */
      readonly credit?: Credit
      /** What it is answered where it is not let in. */
      readonly refusal?: ErrorRecord
    }
  | StreamMessage
  | { readonly kind: 'going-away'; readonly reason: string }
  | EventMessage

/** What ends a call. */
export type AnswerMessage =
  | { readonly kind: 'result'; readonly id: number; readonly output: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: ErrorRecord }
  | { readonly kind: 'flag'; readonly id: number; readonly flag: ReceivedFlag }

/** What may belong to a stream. */
export type StreamMessage =
  | AnswerMessage
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'item'; readonly id: number; readonly item: unknown }
  | { readonly kind: 'credit'; readonly id: number; readonly credit: Credit }
  | { readonly kind: 'end'; readonly id: number }

export function writeHello(hello: Hello): string {
  return `[${HELLO},${printHello(hello)}]`
}

export function writeCall(id: number, { tag, timeLeftMs, body, callId, metadata }: WireCall): string {
  return `[${CALL},${id}${writeMiddle(tag, timeLeftMs)}${body}${writeExtras(callId, metadata)}]`
}

/** What stands between the id and the input of the calls that were written last: most calls have all of their time, and few tags. */
const middles = new Map<string, { readonly timeLeftMs: number; readonly text: string }>()

/** As many as connections that are called in turns. */
const MAX_MIDDLES = 256

function writeMiddle(tag: string, timeLeftMs: number): string {
  const known = middles.get(tag)
  if (known?.timeLeftMs === timeLeftMs) return known.text
  const text = `,${JSON.stringify(tag)},${timeLeftMs},`
  if (middles.size >= MAX_MIDDLES) middles.clear()
  middles.set(tag, { timeLeftMs, text })
  return text
}

function writeExtras(callId: string | undefined, metadata: object | undefined): string {
  if (metadata !== undefined) return `,${JSON.stringify({ callId, metadata })}`
  // The characters of a call's id need no escape.
  return callId === undefined ? '' : `,{"callId":"${callId}"}`
}

/** `credit` is what is allowed at first of an output that is a stream. */
export function writeStreamCall(
  id: number,
  { tag, timeLeftMs, body, metadata, items }: WireStreamCall,
  credit?: Credit,
): string {
  const extras = JSON.stringify({
    metadata,
    ...(items === undefined ? {} : { items: true }),
    ...(credit === undefined ? {} : { credit: [credit.items, credit.bytes] }),
  })
  return `[${CALL},${id},${JSON.stringify(tag)},${timeLeftMs},${body},${extras}]`
}

/** `item` is JSON text. */
export function writeItem(id: number, item: string): string {
  return `[${ITEM},${id},${item}]`
}

export function writeCredit(id: number, { items, bytes }: Credit): string {
  return `[${CREDIT},${id},${items},${bytes}]`
}

export function writeEnd(id: number): string {
  return `[${END},${id}]`
}

/** `body` is the output as JSON text. */
export function writeResult(id: number, body: string): string {
  return `[${RESULT},${id},${body}]`
}

export function writeError(id: number, error: ErrorRecord): string {
  return `[${ERROR},${id},${JSON.stringify(error)}]`
}

function writeFlag(id: number, flag: WireFlag): string {
  return `[${FLAG},${id},${printFlag(flag)}]`
}

/** The answer to a call that has ended, but for one whose output was a stream, well. */
export function writeAnswer(id: number, answer: WireAnswer): string {
  if (answer.ok) return writeResult(id, answer.body)
  return answer.flag === undefined ? writeError(id, answer.error) : writeFlag(id, answer.flag)
}

export function writeCancel(id: number): string {
  return `[${CANCEL},${id}]`
}

export function writeGoingAway(reason: string): string {
  return `[${GOING_AWAY},${JSON.stringify(reason)}]`
}

/**
 * Reads a line, or answers undefined where it is no message.
 *
 * @param calls Which calls are this side's: what answers them may have more than `MAX_STRUCTURE`.
 */
export function parseMessage(line: string, calls: { isOwn(id: number): boolean }): Message | undefined {
  try {
    const events = isEvents(line) ? readEventsLine(line) : undefined
    if (events !== undefined) return { kind: 'events', events }
    const isLimited = line.length > MAX_SIMPLE_LENGTH && !calls.isOwn(readAnsweredId(line))
    const message = readMessage(decodeJson(line, MAX_DEPTH + countAround(line), isLimited ? MAX_STRUCTURE : undefined))
    if (message?.kind !== 'call' || !isExcessInput(message.input, line)) return message
    return { ...message, refusal: refuseInput(message.tag, line) }
  } catch (error) {
    if (!(error instanceof MalformedJsonError)) throw error
    const refused = isCall(line) ? readRefusedCall(line, error) : undefined
    return refused && { kind: 'call', input: undefined, ...refused }
  }
}

/** How many levels a line may have around what its sender's application gave. */
function countAround(line: string): number {
  // An input and an item are one level inside their message; an error's data is inside a record.
  if (isCall(line) || isItem(line)) return 1
  return isEvents(line) ? countLevelsAround(line) : ERROR_RECORD_DEPTH
}

export function toAnswer(message: AnswerMessage): ReceivedAnswer {
  if (message.kind === 'result') return { ok: true, value: message.output }
  return message.kind === 'error' ? { ok: false, error: message.error } : { ok: false, flag: message.flag }
}

/** Reads what a line held, or answers undefined where that is no message. */
export function readMessage(value: unknown): Message | undefined {
  if (!Array.isArray(value)) return undefined
  const [kind, first, second] = value as readonly unknown[]
  if (kind === HELLO) {
    const hello = readHello(first)
    return hello === undefined ? undefined : { kind: 'hello', hello }
  }
  if (kind === GOING_AWAY) return typeof first === 'string' ? { kind: 'going-away', reason: first } : undefined
  if (!Number.isSafeInteger(first) || (first as number) < 1) return undefined
  const id = first as number
  switch (kind) {
    case CALL:
      return readCall(id, value)
    case RESULT:
      return value.length === 3 ? { kind: 'result', id, output: second } : undefined
    case ERROR: {
      const error = readErrorRecord(second)
      return error === undefined ? undefined : { kind: 'error', id, error }
    }
    case FLAG: {
      const flag = value.length === 3 ? readFlag(second) : undefined
      return flag === undefined ? undefined : { kind: 'flag', id, flag }
    }
    case CANCEL:
      return { kind: 'cancel', id }
    case ITEM:
      return value.length === 3 ? { kind: 'item', id, item: second } : undefined
    case CREDIT: {
      const credit = value.length === 4 ? readCredit(value.slice(2)) : undefined
      return credit === undefined ? undefined : { kind: 'credit', id, credit }
    }
    case END:
      return value.length === 2 ? { kind: 'end', id } : undefined
    default:
      return readEventMessage(value)
  }
}

function readCall(id: number, message: readonly unknown[]): Message | undefined {
  const [, , tag, timeLeftMs, input] = message
  if (typeof tag !== 'string' || !Number.isSafeInteger(timeLeftMs) || (timeLeftMs as number) < 1) return undefined
  const call = { kind: 'call', id, tag, timeLeftMs: timeLeftMs as number, input } as const
  if (message.length === 5) return call
  const extras = message.length === 6 ? readExtras(message[5]) : undefined
  return extras === undefined ? undefined : { ...call, ...extras }
}

type CallExtras = Pick<Extract<Message, { kind: 'call' }>, 'callId' | 'metadata' | 'sides' | 'credit'>

/** Keys that are unknown here may come from a newer peer: they are left. */
function readExtras(value: unknown): CallExtras | undefined {
  if (!isObject(value)) return undefined
  const { callId, metadata, items, credit } = value as Record<string, unknown>
  if (callId !== undefined && !isCallId(callId)) return undefined
  if (metadata !== undefined && !isObject(metadata)) return undefined
  const extras = { ...(callId !== undefined && { callId }), ...(metadata !== undefined && { metadata }) }
  if (items === undefined && credit === undefined) return extras
  if (items !== undefined && typeof items !== 'boolean') return undefined
  if (credit === undefined) return items ? { ...extras, sides: 'input' } : extras
  const allowed = readCredit(credit)
  return allowed && { ...extras, sides: items ? 'both' : 'output', credit: allowed }
}

function readCredit(value: unknown): Credit | undefined {
  const [items, bytes, ...rest] = Array.isArray(value) ? (value as readonly unknown[]) : []
  return rest.length === 0 && isCount(items) && isCount(bytes) ? { items, bytes } : undefined
}
