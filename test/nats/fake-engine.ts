import type { Engine, EngineAnswer, EngineHeaders, EngineMessage } from '../../runtime/transport/nats/engine.js'

/** An engine that keeps what is published, and lets a test say what arrives. */
export class FakeEngine implements Engine {
  readonly maxBytes = 4_096
  downSinceMs: number | undefined
  readonly trouble = undefined
  bufferedBytes = 0
  /** Each as its subject, a space, and its text. */
  readonly published: string[] = []
  /** How much of it left at once. */
  sentNow = 0
  /** Where the answer to what was published last is to go. */
  reply: string | undefined
  readonly #heard = new Map<string, (text: string | Uint8Array) => void>()
  readonly #followers = new Set<(isUp: boolean) => void>()
  #waiting: (() => void)[] = []
  readonly #refused = new Set<(subject: string) => void>()
  /** Has something arrive at whoever has subscribed last. */
  arrive: (text: string | Uint8Array, reply?: string, subject?: string) => void = () => {}
  /** Says that nobody heard what wanted its answer there. */
  arriveUnheard: (subject?: string) => void = () => {}

  publish(subject: string, data: string | Uint8Array, reply?: string): void {
    if (subject === '') throw new Error('a subject is empty')
    if (this.downSinceMs !== undefined) return
    this.published.push(`${subject} ${Buffer.from(data).toString()}`)
    this.reply = reply
  }
  createHeaders(): EngineHeaders {
    return { bytes: 0 }
  }
  answer({ reply }: EngineMessage, data: string): void {
    if (reply !== undefined) this.publish(reply, data)
  }
  request(_subject: string, _data: string, _timeoutMs: number): Promise<EngineAnswer> {
    return Promise.resolve('nobody')
  }
  subscribe(subscribed: string, onMessage: (message: EngineMessage) => void): () => void {
    this.arrive = (text, reply, subject = '') =>
      onMessage({ subject, data: Buffer.from(text), reply, headers: undefined, isUnheard: false })
    this.arriveUnheard = (subject = '') =>
      onMessage({ subject, data: new Uint8Array(), reply: undefined, headers: undefined, isUnheard: true })
    this.#heard.set(subscribed, this.arrive)
    return () => this.#heard.delete(subscribed)
  }
  join(subject: string, _queue: string, onMessage: (message: EngineMessage) => void): () => Promise<void> {
    const end = this.subscribe(subject, onMessage)
    return async () => end()
  }
  /** Has something arrive at whoever hears a subject. */
  arriveAt(subject: string, text: string | Uint8Array): void {
    this.#heard.get(subject)?.(text)
  }
  /** Loses the server. */
  lose(): void {
    this.downSinceMs = 0
    this.#waiting = []
    for (const follower of this.#followers) follower(false)
  }
  /** Has the server again. */
  regain(): void {
    this.downSinceMs = undefined
    for (const follower of this.#followers) follower(true)
  }
  onceFlushed(listener: () => void): void {
    this.#waiting.push(listener)
  }
  /** Has the server take what was published. */
  take(): void {
    for (const listener of this.#waiting.splice(0)) listener()
  }
  sendNow(): void {
    this.sentNow = this.published.length
  }
  flush(): Promise<void> {
    return Promise.resolve()
  }
  follow(follower: (isUp: boolean) => void): () => void {
    this.#followers.add(follower)
    return () => this.#followers.delete(follower)
  }
  followRefusals(follower: (subject: string) => void): () => void {
    this.#refused.add(follower)
    return () => this.#refused.delete(follower)
  }
  /** Does not permit what was published on a subject. */
  forbid(subject: string): void {
    for (const follower of this.#refused) follower(subject)
  }
  close(): Promise<void> {
    return Promise.resolve()
  }
}
