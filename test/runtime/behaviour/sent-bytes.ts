import { Socket } from 'node:net'

/** What sockets of this process have written. */
export interface SentBytes {
  readonly text: string
  /** Begins anew. */
  clear(): void
  stop(): void
}

/** All that sockets of this process write, as Latin-1: a peer's frames and answers are not masked. */
export function recordSentBytes(): SentBytes {
  const prototype = Socket.prototype as unknown as { _writeGeneric: (...args: unknown[]) => unknown }
  const original = prototype._writeGeneric
  let text = ''
  prototype._writeGeneric = function (writev: unknown, data: unknown, ...rest: unknown[]): unknown {
    const chunks = writev ? (data as { chunk: unknown }[]).map(({ chunk }) => chunk) : [data]
    for (const chunk of chunks)
      text += typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString('latin1')
    return original.call(this, writev, data, ...rest)
  }
  return {
    get text() {
      return text
    },
    clear: () => {
      text = ''
    },
    stop: () => {
      prototype._writeGeneric = original
    },
  }
}
