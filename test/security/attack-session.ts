import { once } from 'node:events'
import { WebSocket } from 'ws'
import fixture from '../../fixtures/wire/session.json' with { type: 'json' }
import type { Victim } from './use-victim.js'

/** A session with a peer whose other end says what a test wants. */
export interface RawSession {
  readonly socket: WebSocket
  /** All messages that came, the peer's hello first. */
  readonly messages: unknown[][]
  /** What it was closed with; undefined while it is open. */
  readonly closed: readonly [code: number, reason: string] | undefined
  /** Sends one frame. */
  send(...lines: readonly string[]): void
  /** Resolves with the first message that fits, also one that came before. */
  next(isMeant: (message: readonly unknown[]) => boolean): Promise<readonly unknown[]>
}

/** What a session has to say first. */
export const HELLO: string = JSON.stringify(fixture.hello)

/** Opens a session with the token. `hello`: what is said first; nothing where it is null. */
export async function attackSession({ peer, headers }: Victim, hello: string | null = HELLO): Promise<RawSession> {
  const socket = new WebSocket(`ws://127.0.0.1:${peer.port}/netgen/v1/session`, 'netgen.v1', { headers })
  const messages: unknown[][] = []
  const waiting = new Set<() => void>()
  let closed: readonly [number, string] | undefined
  const wake = (): void => {
    for (const check of waiting) check()
  }
  socket.on('message', (frame) => {
    messages.push(
      ...String(frame)
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as unknown[]),
    )
    wake()
  })
  socket.on('close', (code, reason) => {
    closed = [code, String(reason)]
    wake()
  })
  socket.on('error', () => {})
  await once(socket, 'open')
  const session: RawSession = {
    socket,
    messages,
    get closed() {
      return closed
    },
    send: (...lines) => socket.send(lines.map((line) => `${line}\n`).join('')),
    next: (isMeant) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const message = messages.find(isMeant)
          if (message === undefined && closed === undefined) return
          waiting.delete(check)
          if (message === undefined) reject(new Error(`the session was closed with ${closed?.join(' ')}`))
          else resolve(message)
        }
        waiting.add(check)
        check()
      }),
  }
  if (hello !== null) session.send(hello)
  return session
}
