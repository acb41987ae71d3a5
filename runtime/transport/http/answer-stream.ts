import { HTTP_STATUS_OF_CODE } from '../../errors/codes.js'
import type { ServedStream } from '../../wire/streams.js'
import type { PassedRequest } from './http-server.js'

/**
 * Answers with the items of a stream, one line of JSON each, as fast as the client reads them; then with a last line, so that an
 * answer that was cut off is none. An error before the first item is answered as that of any call.
 */
export async function answerStream(request: PassedRequest, served: ServedStream): Promise<void> {
  let isAbandoned = false
  request.onAbandon(() => {
    isAbandoned = true
    served.cancel()
  })
  let pulled = await served.pull()
  if (pulled.done && !pulled.value.ok) {
    const { error } = pulled.value
    request.answer(HTTP_STATUS_OF_CODE[error.code], JSON.stringify({ error }))
    return
  }
  const lines = request.openLines()
  while (!pulled.done && !isAbandoned) {
    lines.write(`{"item":${pulled.value}}`)
    if (lines.isFull) await lines.whenDrained()
    if (!isAbandoned) pulled = await served.pull()
  }
  if (!pulled.done || isAbandoned) return
  lines.end(pulled.value.ok ? '{"end":true}' : JSON.stringify({ error: pulled.value.error }))
}
