import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'

/** A process that listens and is stopped, with its queue full: connections to it are neither made nor refused. */
export interface FullListener {
  readonly port: number
  stop(): void
}

const PROGRAM = `const s = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))`

export async function startFullListener(): Promise<FullListener> {
  const child = spawn(process.execPath, ['--eval', PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  const port = Number(said)
  child.kill('SIGSTOP')
  const filling: Socket[] = []
  const stop = (): void => {
    for (const socket of filling) socket.destroy()
    child.kill('SIGKILL')
  }
  /** Whether the queue is full: one more connection does not come about. */
  const fill = async (): Promise<boolean> => {
    const socket = connect(port, '127.0.0.1').on('error', () => {})
    filling.push(socket)
    await Promise.race([once(socket, 'connect'), sleep(100)])
    // Timers have their turn before sockets: where this process was held up, the connection is there and not told of yet.
    await setImmediate()
    return socket.connecting
  }
  try {
    await expect.poll(fill, { interval: 50, timeout: 10_000 }).toBe(true)
  } catch (error) {
    stop()
    throw error
  }
  return { port, stop }
}

/** How many connections this process is making, or has. */
export function countSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap' || name === 'TCPConnectWrap').length
}
