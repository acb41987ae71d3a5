import type { EngineHeaders } from './engine.js'
import type { MsgHdrs, Nats } from './load-nats.js'

/** What stands around the headers of a message: its version, and the ends of that line and of all of them. */
const FRAME_BYTES = 14

/** Headers that the client of NATS takes. */
export class NatsHeaders implements EngineHeaders {
  readonly headers: MsgHdrs
  readonly bytes: number

  /** `fields` are names and values in turn. */
  constructor(nats: Pick<Nats, 'headers'>, fields: readonly string[]) {
    this.headers = nats.headers()
    let bytes = FRAME_BYTES
    for (let index = 0; index < fields.length; index += 2) {
      const [name = '', value = ''] = [fields[index], fields[index + 1]]
      this.headers.append(name, value)
      bytes += Buffer.byteLength(name) + Buffer.byteLength(value) + 4
    }
    this.bytes = bytes
    const encoded = Buffer.from(String(this.headers))
    // The client of NATS would write them anew for each message; where it asks for them in another way, it does.
    if (encoded.length === bytes) Object.assign(this.headers, { encode: () => encoded })
  }
}
