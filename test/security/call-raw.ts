import { attackSession } from './attack-session.js'
import { sendBytes } from './send-request.js'
import type { Victim } from './use-victim.js'

/** What came of a call that was written as bytes. */
export type RawOutcome = { readonly output: unknown } | { readonly code: string; readonly message: string }

/** Calls a peer with an input as bytes, however wrong. */
export type CallRaw = (victim: Victim, tag: string, input: string | Buffer) => Promise<RawOutcome>

/** Over each transport that takes bytes. */
export const TRANSPORTS: readonly (readonly [name: string, call: CallRaw])[] = [
  ['HTTP', callOverHttp],
  ['a session', callOverSession],
]

export async function callOverHttp(victim: Victim, tag: string, input: string | Buffer): Promise<RawOutcome> {
  const body = Buffer.from(input)
  const head = [
    `POST /netgen/v1/${Buffer.from(tag).toString('base64url')} HTTP/1.1`,
    `Host: 127.0.0.1:${victim.peer.port}`,
    ...Object.entries(victim.headers).map(([name, value]) => `${name}: ${value}`),
    'Content-Type: application/json',
    'Connection: close',
    `Content-Length: ${body.length}`,
  ].join('\r\n')
  const answer = await sendBytes(victim, Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]))
  const value = JSON.parse(Buffer.from(answer.body, 'latin1').toString()) as unknown
  if (answer.status === 200) return { output: value }
  return pickError((value as { error: unknown }).error)
}

export async function callOverSession(victim: Victim, tag: string, input: string | Buffer): Promise<RawOutcome> {
  const session = await attackSession(victim)
  try {
    const line = Buffer.concat([
      Buffer.from(`[1,1,${JSON.stringify(tag)},5000,`),
      Buffer.from(input),
      Buffer.from(']\n'),
    ])
    session.socket.send(line, { binary: false })
    const [kind, , value] = await session.next(([found, id]) => (found === 2 || found === 3) && id === 1)
    return kind === 2 ? { output: value } : pickError(value)
  } finally {
    session.socket.terminate()
  }
}

function pickError(error: unknown): RawOutcome {
  const { code, message } = error as { code: string; message: string }
  return { code, message }
}
