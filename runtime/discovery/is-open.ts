import { connect } from 'node:net'
import type { Address } from '../api/address.js'

/** Whether anybody takes a connection within a time. Nothing is sent. `ref`: whether it keeps the process alive meanwhile. */
export function isOpen(
  { host, port }: Address,
  timeoutMs: number,
  { ref = true }: { ref?: boolean } = {},
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (isTaken: boolean): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(isTaken)
    }
    const timer = setTimeout(() => end(false), timeoutMs)
    if (!ref) {
      socket.unref()
      timer.unref()
    }
    socket.once('connect', () => end(true))
    socket.on('error', () => end(false))
  })
}
