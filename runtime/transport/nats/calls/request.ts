import { printValue } from '../../../errors/print-value.js'
import { isCallId } from '../../../wire/call-id.js'
import type { ErrorRecord } from '../../../wire/error-record.js'
import type { ArrivedCall } from '../../../wire/exchange.js'
import { MAX_REQUEST_BYTES } from '../../../wire/limits.js'
import { createRefusal } from '../../../wire/refusal-record.js'
import { readCallHeaders } from '../../call-headers.js'
import type { Answerer } from '../../transport.js'
import type { EngineMessage } from '../engine.js'

/** What a call may take that says nothing of its time. */
const NOTHING_SAID: Head = { timeLeftMs: undefined, caller: undefined, callId: undefined, metadata: undefined }

/** Reads a call that came as a message. */
export function readRequest({ data, headers }: EngineMessage, tag: string): ArrivedCall {
  const { timeLeftMs, caller, callId, metadata } = headers === undefined ? NOTHING_SAID : readHead(headers)
  return { tag, input: { text: data }, timeLeftMs, caller, callId, metadata }
}

type Head = ReturnType<typeof readCallHeaders>

/** Headers that are alike are one object. */
const heads = new WeakMap<ReadonlyMap<string, string>, Head>()

function readHead(headers: ReadonlyMap<string, string>): Head {
  const known = heads.get(headers)
  if (known !== undefined) return known
  const head = readCallHeaders(headers)
  heads.set(headers, head)
  return head
}

/** Why a call is answered before it is served; undefined where it is not. Nothing of its input is looked at. */
export function refuseRequest(
  { tag, callId, caller }: ArrivedCall,
  bytes: number,
  answerer: Answerer,
): ErrorRecord | undefined {
  if (bytes > MAX_REQUEST_BYTES) {
    const problem = `it has ${bytes} bytes, at most ${MAX_REQUEST_BYTES} are allowed`
    return createRefusal('resource_exhausted', `input of ${tag} is refused: ${problem}: send it in parts`)
  }
  if (callId !== undefined && !isCallId(callId)) {
    const problem = `netgen-call-id is ${printValue(callId)}, expected 1 to 64 of A-Za-z0-9_.-`
    return createRefusal('invalid_argument', problem)
  }
  // A peer takes a session for a stream: where it did not, its schema is another one, which is said later.
  const sides = caller === undefined ? answerer.sides(tag) : undefined
  if (sides === undefined) return undefined
  const side = sides === 'output' ? 'output' : 'input'
  const problem = `${side} of ${tag} is a stream, which one message does not carry: call it with a peer of netgen's`
  return createRefusal('unimplemented', problem)
}
