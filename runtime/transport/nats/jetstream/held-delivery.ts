import type { LogDelivery } from '../../event-log.js'
import type { DeliveryFacts } from './parse-delivery.js'

/** What a message holds besides what its reply subject says. */
export interface DeliveryContents {
  readonly id: string
  readonly publisherId: string | undefined
  readonly data: Uint8Array
}

/** Is told what became of a delivery; `afterMs` is undefined where it is finished. */
type Settle = (delivery: HeldDelivery, afterMs: number | undefined) => void

/** An event that a reader has got, until it is finished or given back. */
export class HeldDelivery implements LogDelivery {
  readonly id: string
  readonly sequence: number
  readonly storedAtMs: number
  readonly deliveries: number
  readonly publisherId: string | undefined
  readonly data: Uint8Array
  readonly key: string
  #reply: string
  readonly #settle: Settle
  #isSettled = false

  constructor(facts: DeliveryFacts, { id, publisherId, data }: DeliveryContents, reply: string, settle: Settle) {
    this.id = id
    this.sequence = facts.sequence
    this.storedAtMs = facts.storedAtMs
    this.deliveries = facts.deliveries
    this.publisherId = publisherId
    this.data = data
    this.key = facts.key
    this.#reply = reply
    this.#settle = settle
  }

  /** Where the server is told of it. */
  get reply(): string {
    return this.#reply
  }

  /** It was delivered again meanwhile: the server waits to hear of that. */
  renew(reply: string): void {
    this.#reply = reply
  }

  finish(): void {
    this.#end(undefined)
  }

  giveBack(afterMs: number): void {
    this.#end(afterMs)
  }

  #end(afterMs: number | undefined): void {
    if (this.#isSettled) return
    this.#isSettled = true
    this.#settle(this, afterMs)
  }
}
