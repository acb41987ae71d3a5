import type { Link, LinkListener } from '../../../../runtime/transport/session/link.js'
import type { SharedLines } from '../../../../runtime/wire/shared-lines.js'

/** What a call says about itself, for the link and for whoever checks its answer. */
export interface Token {
  readonly session: number
  readonly turn: number
  /** It is answered only after it was canceled. */
  readonly isLate: boolean
}

type Line = readonly [kind: number, id: number, ...rest: unknown[]]

/**
 * A link whose other end answers each call with its own input, but never in order: doubled, with answers to calls that were
 * never made, that have ended, or that have the ids of the other side; and late, to calls that were canceled.
 */
export class AdverseLink implements Link {
  readonly bufferedBytes = 0
  readonly #random: () => number
  readonly #held = new Map<number, Token>()
  #due: [id: number, token: Token][] = []
  #listener: LinkListener | undefined
  closed: string | undefined

  /** @param random From 0 up to 1. */
  constructor(random: () => number) {
    this.#random = random
  }

  listen(listener: LinkListener): void {
    this.#listener = listener
  }

  send(frame: string): void {
    for (const line of frame.split('\n').slice(0, -1)) this.#read(JSON.parse(line) as Line)
  }

  sendShared({ text }: SharedLines): void {
    this.send(text)
  }

  pause(): void {}

  resume(): void {}

  close(code: number, reason: string): void {
    this.closed ??= `${code} ${reason}`
  }

  onceDrained(listener: () => void): void {
    setImmediate(listener)
  }

  terminate(): void {
    this.closed ??= 'terminated'
  }

  receive(message: unknown): void {
    this.#listener?.onFrame(`${JSON.stringify(message)}\n`)
  }

  #read([kind, id, , , input]: Line): void {
    const token = kind === 4 ? this.#held.get(id) : undefined
    if (token !== undefined) {
      this.#held.delete(id)
      this.#answerSoon(id, token)
    } else if (kind === 1) {
      const asked = input as Token
      if (asked.isLate) this.#held.set(id, asked)
      else this.#answerSoon(id, asked)
    }
  }

  #answerSoon(id: number, token: Token): void {
    if (this.#due.length === 0) setImmediate(() => this.#answer())
    this.#due.push([id, token])
  }

  #answer(): void {
    const due = this.#due
    this.#due = []
    const answers = due.flatMap(([id, token]): Line[] => {
      const forged = { ...token, turn: -1 }
      return [
        [2, id, token],
        ...(this.#happens(0.3) ? [[2, id, token] as const] : []),
        ...(this.#happens(0.3) ? [[2, id + 1, forged] as const] : []),
        ...(this.#happens(0.3) ? [[2, id + 2_000_000, forged] as const] : []),
      ]
    })
    this.#shuffle(answers)
    this.#listener?.onFrame(answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''))
  }

  #happens(share: number): boolean {
    return this.#random() < share
  }

  #shuffle(lines: Line[]): void {
    for (let at = lines.length - 1; at > 0; at--) {
      const other = Math.floor(this.#random() * (at + 1))
      ;[lines[at], lines[other]] = [lines[other] as Line, lines[at] as Line]
    }
  }
}
