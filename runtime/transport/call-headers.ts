import type { ArrivedCall, CallerIdentity, WireCall } from '../wire/exchange.js'
import { type Headers, readMetadata, writeMetadata } from './metadata-headers.js'

/** Who calls, as headers: names and values in turn. */
export function nameCaller({ id, group }: CallerIdentity): string[] {
  return ['netgen-caller', id, 'netgen-caller-group', encodeURIComponent(group)]
}

/** Adds what one call says in headers, besides who makes it: names and values in turn. */
export function writeCallHeaders(
  headers: string[],
  { callId, metadata }: Pick<WireCall, 'callId' | 'metadata'>,
  timeLeftMs: number,
): void {
  headers.push('netgen-timeout-ms', String(timeLeftMs))
  if (callId !== undefined) headers.push('netgen-call-id', callId)
  if (metadata !== undefined) headers.push(...writeMetadata(metadata))
}

/** What the headers of a call say, by their names in lower case. What cannot be read is as if it were not there; nothing is checked yet. */
export function readCallHeaders(headers: Headers): Pick<ArrivedCall, 'timeLeftMs' | 'caller' | 'callId' | 'metadata'> {
  const timeLeftMs = Number(headers.get('netgen-timeout-ms'))
  return {
    timeLeftMs: timeLeftMs > 0 ? timeLeftMs : undefined,
    caller: readCaller(headers),
    callId: headers.get('netgen-call-id'),
    metadata: readMetadata(headers),
  }
}

function readCaller(headers: Headers): CallerIdentity | undefined {
  const id = headers.get('netgen-caller')
  const group = headers.get('netgen-caller-group')
  if (id === undefined || group === undefined) return undefined
  try {
    return { id, group: group.includes('%') ? decodeURIComponent(group) : group }
  } catch {
    // Not what netgen sends: then the caller did not say who it is.
    return undefined
  }
}
