import { connect } from 'node:net'

/** How long a target may take to end a connection whose other side has said all, in milliseconds. */
const MAX_MS = 10_000

/** What came over one connection. */
export interface Exchanged {
  readonly received: string
  /** Whether the target left the connection open, and it was ended here. */
  readonly wasLeftOpen: boolean
}

/** Writes bytes over a connection of its own, says that this was all, and reads what comes until the other side has ended it. */
export function exchangeBytes(port: number, bytes: Buffer): Promise<Exchanged> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let wasLeftOpen = false
    const socket = connect(port, '127.0.0.1')
    const timer = setTimeout(() => {
      wasLeftOpen = true
      socket.destroy()
    }, MAX_MS)
    socket.on('data', (chunk) => chunks.push(chunk))
    // A reset is an end too: what came before it counts.
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      resolve({ received: Buffer.concat(chunks).toString('latin1'), wasLeftOpen })
    })
    socket.end(bytes)
  })
}
