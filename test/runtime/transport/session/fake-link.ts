import type { Link, LinkListener } from '../../../../runtime/transport/session/link.js'
import type { SharedLines } from '../../../../runtime/wire/shared-lines.js'

/** A link whose other end is the test. */
export class FakeLink implements Link {
  readonly sent: string[] = []
  closed: [code: number, reason: string] | undefined
  bufferedBytes = 0
  #listener: LinkListener | undefined

  listen(listener: LinkListener): void {
    this.#listener = listener
  }

  send(frame: string, onSent?: () => void): void {
    this.sent.push(frame)
    if (onSent !== undefined) this.#onSent.push(onSent)
  }

  isPaused = false
  readonly #onSent: (() => void)[] = []

  /** All that was sent has left. */
  drain(): void {
    this.bufferedBytes = 0
    for (const onSent of this.#onSent.splice(0)) onSent()
  }

  onceDrained(listener: () => void): void {
    this.#onSent.push(listener)
  }

  sendShared({ text }: SharedLines): void {
    this.send(text)
  }

  pause(): void {
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
  }

  close(code: number, reason: string): void {
    this.closed ??= [code, reason]
  }

  terminate(): void {
    this.closed ??= [1006, '']
  }

  /** What was sent, line by line, parsed. */
  get lines(): unknown[] {
    return this.sent.flatMap((frame) => frame.split('\n').slice(0, -1)).map((line) => JSON.parse(line) as unknown)
  }

  receive(...messages: unknown[]): void {
    this.#listener?.onFrame(messages.map((message) => `${JSON.stringify(message)}\n`).join(''))
  }

  receiveText(frame: string): void {
    this.#listener?.onFrame(frame)
  }

  lose(code = 1006, reason = ''): void {
    this.#listener?.onClose({ code, reason, by: 'there' })
  }
}
