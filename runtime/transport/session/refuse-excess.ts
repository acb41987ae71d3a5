import { refuse } from '../../errors/refuse.js'
import type { WireCall } from '../../wire/exchange.js'
import { MAX_BUFFERED_BYTES } from '../../wire/limits.js'
import type { SessionLimits } from './hello.js'

/** Throws `resource_exhausted` for a call that the other side would not accept: nothing of it has left then. */
export function refuseExcess(
  { tag, body }: WireCall,
  limits: SessionLimits,
  pendingCalls: number,
  isCongested: boolean,
  address: string,
): void {
  const { inFlight, messageBytes } = limits
  if (pendingCalls >= inFlight) {
    const problem = `${inFlight} calls to it are without an answer, which is its limit: wait for some of them`
    throw refuse('resource_exhausted', `${tag} was not sent to ${address}: ${problem}`)
  }
  if (isCongested) {
    const problem = `over ${MAX_BUFFERED_BYTES} bytes wait to leave already: it reads too slowly`
    throw refuse('resource_exhausted', `${tag} was not sent to ${address}: ${problem}`)
  }
  // UTF-8 has at most three bytes for each unit of UTF-16: most inputs need no counting.
  if (body.length * 3 <= messageBytes) return
  const bytes = Buffer.byteLength(body)
  if (bytes <= messageBytes) return
  const problem = `it has ${bytes} bytes of JSON, ${address} takes at most ${messageBytes}: send it in parts`
  throw refuse('resource_exhausted', `input of ${tag} is refused: ${problem}`)
}
