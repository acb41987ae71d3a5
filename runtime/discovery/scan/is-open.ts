import { connect } from 'node:net'
import type { Address } from '../../api/address.js'

/** Whether anybody takes a connection within a time. Nothing is sent. */
export function isOpen({ host, port }: Address, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (isTaken: boolean): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(isTaken)
    }
    const timer = setTimeout(() => end(false), timeoutMs)
    socket.once('connect', () => end(true))
    socket.on('error', () => end(false))
  })
}
