import type { WireAnswer } from '../../wire/exchange.js'
import { writeFlag } from '../../wire/flag.js'
import type { ServedStream } from '../../wire/streams.js'
import { writeAnswer } from '../write-answer.js'
import type { PassedRequest } from './passed-request.js'

/**
 * Answers with the items of a stream, one line of JSON each, as fast as the client reads them; then with a last line, so that an
 * answer that was cut off is none. An error or a flag before the first item is answered as that of any call.
 */
export async function answerStream(request: PassedRequest, served: ServedStream): Promise<void> {
  let isAbandoned = false
  request.onAbandon(() => {
    isAbandoned = true
    served.cancel()
  })
  let wake = (): void => {}
  // A client that reads nothing more does not hold what is over.
  served.onStop?.(() => wake())
  let pulled = await served.pull()
  if (pulled.done && !pulled.value.ok) {
    writeAnswer(request, pulled.value)
    return
  }
  const lines = request.openLines()
  while (!pulled.done && !isAbandoned) {
    lines.write(`{"item":${pulled.value}}`)
    if (lines.isFull) {
      const drained = lines.whenDrained()
      await new Promise<void>((resolve) => {
        wake = resolve
        void drained.then(resolve)
      })
    }
    if (!isAbandoned) pulled = await served.pull()
  }
  if (!pulled.done || isAbandoned) return
  lines.end(writeLastLine(pulled.value))
}

function writeLastLine(answer: WireAnswer): string {
  if (answer.ok) return '{"end":true}'
  return answer.flag === undefined ? JSON.stringify({ error: answer.error }) : writeFlag(answer.flag)
}
