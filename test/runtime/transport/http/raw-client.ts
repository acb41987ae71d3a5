import { connect, type Socket } from 'node:net'

/** A client that writes bytes as they are given, and reads what comes. */
export interface RawClient {
  readonly socket: Socket
  /** Resolves with all that came, once it holds the text; rejects where the connection ends before. */
  readUntil(text: string): Promise<string>
  /** Resolves with all that came, once the other side has ended the connection. */
  readAll(): Promise<string>
}

export async function connectRaw(port: number, host = '127.0.0.1'): Promise<RawClient> {
  const socket = connect(port, host)
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('error', reject)
  })
  let received = ''
  let isEnded = false
  let wake = (): void => {}
  socket.setEncoding('latin1')
  socket.on('data', (text: string) => {
    received += text
    wake()
  })
  const end = (): void => {
    isEnded = true
    wake()
  }
  // A reset is an end too: what came before it counts.
  socket.on('close', end).on('error', end)
  const waitFor = async (isThere: () => boolean): Promise<string> => {
    while (!isThere()) {
      if (isEnded) throw new Error(`the connection ended after ${JSON.stringify(received)}`)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    return received
  }
  return {
    socket,
    readUntil: (text) => waitFor(() => received.includes(text)),
    readAll: () => waitFor(() => isEnded),
  }
}

/** The head of a request, lines ended as HTTP wants them. */
export function writeHead(...lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`
}
