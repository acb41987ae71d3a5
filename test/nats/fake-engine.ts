import type { Engine, EngineHeaders, EngineMessage } from '../../runtime/transport/nats/engine.js'

/** An engine that keeps what is published, and lets a test say what arrives. */
export class FakeEngine implements Engine {
  readonly maxBytes = 4_096
  readonly downSinceMs = undefined
  readonly trouble = undefined
  readonly bufferedBytes = 0
  /** Each as its subject, a space, and its text. */
  readonly published: string[] = []
  /** Where the answer to what was published last is to go. */
  reply: string | undefined
  arrive: (text: string | Uint8Array, reply?: string, subject?: string) => void = () => {}
  /** Says that nobody heard what wanted its answer there. */
  arriveUnheard: (subject?: string) => void = () => {}

  publish(subject: string, data: string | Uint8Array, reply?: string): void {
    if (subject === '') throw new Error('a subject is empty')
    this.published.push(`${subject} ${Buffer.from(data).toString()}`)
    this.reply = reply
  }
  createHeaders(): EngineHeaders {
    return { bytes: 0 }
  }
  answer(_request: EngineMessage, _data: string): void {}
  request(): Promise<'nobody'> {
    return Promise.resolve('nobody')
  }
  subscribe(_: string, onMessage: (message: EngineMessage) => void): () => void {
    this.arrive = (text, reply, subject = '') =>
      onMessage({ subject, data: Buffer.from(text), reply, headers: undefined, isUnheard: false })
    this.arriveUnheard = (subject = '') =>
      onMessage({ subject, data: new Uint8Array(), reply: undefined, headers: undefined, isUnheard: true })
    return () => {}
  }
  onceFlushed(): void {}
  flush(): Promise<void> {
    return Promise.resolve()
  }
  follow(): () => void {
    return () => {}
  }
  followRefusals(): () => void {
    return () => {}
  }
  close(): Promise<void> {
    return Promise.resolve()
  }
}
