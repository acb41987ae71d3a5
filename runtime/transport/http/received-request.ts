import { IncomingMessage } from 'node:http'
import { ReceivedHeaders } from './received-headers.js'

/** As Node has them: made of the raw ones when they are first read, and kept. */
const nodeHeaders = Object.getOwnPropertyDescriptor(IncomingMessage.prototype, 'headers')

/**
 * A request whose headers are read once. Node reads them for each request too, since it looks at Host and Expect, in four times the
 * time; where they are plain, it is given what was read here.
 */
export class ReceivedRequest extends IncomingMessage {
  #known: ReceivedHeaders | undefined

  static {
    if (nodeHeaders?.get !== undefined && nodeHeaders.set !== undefined) {
      const { get: readAll, set: keep } = nodeHeaders
      Object.defineProperty(this.prototype, 'headers', {
        ...nodeHeaders,
        get(this: ReceivedRequest) {
          if (this.#known === undefined && this.known.whole !== undefined) keep.call(this, this.known.whole)
          return readAll.call(this)
        },
      })
    }
  }

  /** The headers that are known here. */
  get known(): ReceivedHeaders {
    this.#known ??= new ReceivedHeaders(this.rawHeaders)
    return this.#known
  }
}
