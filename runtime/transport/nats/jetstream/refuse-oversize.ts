import { refuse } from '../../../errors/refuse.js'
import type { MsgHdrs } from '../load-nats.js'

/** The most that headers take, in bytes: those of a dead letter, of which group, tag, id and name are as long as they may be. */
const MAX_HEADER_BYTES = 2 * 1024

/** What is to be one message. */
interface Sized {
  /** Of the event, for errors. */
  readonly tag: string
  readonly body: string | Uint8Array
  readonly headers: MsgHdrs
}

/** Throws `resource_exhausted` for what is longer than `maxBytes`, with its headers: the client of NATS would not send it. */
export function refuseOversize({ tag, body, headers }: Sized, maxBytes: number): void {
  // UTF-8 has at most three bytes for each unit of UTF-16: most texts need no counting.
  if (body.length * 3 + MAX_HEADER_BYTES <= maxBytes) return
  const bytes = Buffer.byteLength(body)
  const most = maxBytes - Buffer.byteLength(String(headers))
  if (bytes <= most) return
  const problem = `payload of ${tag} has ${bytes} bytes of JSON, the engine takes ${most} at most`
  throw refuse('resource_exhausted', `${problem}: raise its max_payload, or send a reference to it`)
}
