import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** How long a client may read nothing of a whole answer, whose memory it holds. Node looks twice, so that it may be twice as long. */
export const UNREAD_TIMEOUT_MS = 15_000

/**
 * To be called when the whole answer was given: from then on its connection emits `timeout` where nothing of it is read. Nearly every
 * answer has left by then, and holds nothing: a timer for each would cost a call a fiftieth of its time.
 */
export function limitUnread(response: ServerResponse): void {
  const { socket } = response
  // It is the turn of another answer of its connection.
  if (socket === null) response.once('socket', limit)
  else if (socket.writableLength > 0) limit(socket)
}

function limit(socket: Socket): void {
  socket.setTimeout(UNREAD_TIMEOUT_MS)
}
