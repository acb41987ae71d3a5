import type { ReceivedRequest } from './received-request.js'

/** How many chunks are joined at once: each takes some 200 bytes besides its own, and a client may send a body byte by byte. */
const BLOCK_CHUNKS = 256

/** Hands over the whole body, or undefined as soon as it is known to be too long; nothing where the client goes away. */
export function readBody(request: ReceivedRequest, maxBytes: number, done: (body: Buffer | undefined) => void): void {
  if (Number(request.known.get('content-length') ?? 0) > maxBytes) {
    done(undefined)
    return
  }
  const blocks: Buffer[] = []
  const chunks: Buffer[] = []
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= maxBytes) {
      if (chunks.push(chunk) === BLOCK_CHUNKS) blocks.push(Buffer.concat(chunks.splice(0)))
      return
    }
    request.removeAllListeners('data').removeAllListeners('end').pause()
    done(undefined)
  })
  request.on('end', () => {
    const [first] = chunks
    const isOne = first !== undefined && chunks.length === 1 && blocks.length === 0
    done(isOne ? first : Buffer.concat([...blocks, ...chunks]))
  })
}
