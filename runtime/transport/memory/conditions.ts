import { printAddress } from '../../api/address.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import type { CallScope } from '../../call/scope/call-scope.js'
import { refuse } from '../../errors/refuse.js'
import type { ServedCall, WireAnswer } from '../../wire/exchange.js'
import type { ItemSource } from '../../wire/streams.js'
import { createRandom } from './create-random.js'

/** What a network in memory is like. */
export interface NetworkConditions {
  /** How long a call, its answer, an item of a stream, and what asks for one are each on their way, in milliseconds. */
  readonly latencyMs: number
  /** Whether answers that are ready together arrive in another order. */
  readonly reorder: boolean
  /** The same seed gives the same orders. */
  readonly seed: number
}

/** What ends where two peers do not reach each other any more. */
type Stoppable = Pick<CallScope, 'stop'>

/** What happens to calls between the peers of a network in memory. */
export class Conditions {
  readonly #conditions: NetworkConditions
  readonly #random: () => number
  /** Pairs of peers that do not reach each other. */
  readonly #cuts = new Set<string>()
  /** Calls that are under way, and subscriptions, by pair. */
  readonly #underWay = new Map<string, Set<Stoppable>>()
  #ready: (() => void)[] = []

  constructor(conditions: NetworkConditions) {
    this.#conditions = conditions
    this.#random = createRandom(conditions.seed)
  }

  /** Two peers do not reach each other from now on; what is under way between them is lost. */
  disconnect(leftId: string, rightId: string): void {
    const pair = nameOf(leftId, rightId)
    this.#cuts.add(pair)
    const message = 'the connection was lost: the handler may have run'
    for (const scope of [...(this.#underWay.get(pair) ?? [])]) scope.stop({ code: 'unavailable', message })
  }

  heal(leftId: string, rightId: string): void {
    this.#cuts.delete(nameOf(leftId, rightId))
  }

  /** Throws `unavailable` where a peer is not reached. */
  refuseCut(fromId: string, to: RemotePeer): void {
    if (!this.#cuts.has(nameOf(fromId, to.id))) return
    throw refuse('unavailable', `${printAddress(to)} is not reached: the network is disconnected`)
  }

  /** A call is under way, or a subscription. Answers with what is to be called when it has ended. */
  begin(fromId: string, toId: string, scope: Stoppable): () => void {
    const pair = nameOf(fromId, toId)
    const scopes = this.#underWay.get(pair) ?? new Set()
    this.#underWay.set(pair, scopes.add(scope))
    return () => {
      scopes.delete(scope)
      if (scopes.size === 0) this.#underWay.delete(pair)
    }
  }

  /** Resolves when what was sent has arrived; absent where that takes no time. */
  travel(): Promise<void> | undefined {
    const { latencyMs } = this.#conditions
    return latencyMs === 0 ? undefined : new Promise((resolve) => setTimeout(resolve, latencyMs))
  }

  /** A call whose answer comes as the network lets it. */
  delay(served: ServedCall): ServedCall {
    const { latencyMs, reorder } = this.#conditions
    if (latencyMs === 0 && !reorder) return served
    return { answer: this.#deliver(served.answer), cancel: (isLost) => served.cancel(isLost) }
  }

  /** Items that come, each a while after it was asked for, as the network lets them. */
  delayItems<Item, Ending>(items: ItemSource<Item, Ending>): ItemSource<Item, Ending> {
    if (this.#conditions.latencyMs === 0) return items
    const pull: ItemSource<Item, Ending>['pull'] = async () => {
      await this.travel()
      const pulled = await items.pull()
      await this.travel()
      return pulled
    }
    return { pull, cancel: () => items.cancel() }
  }

  async #deliver(answer: WireAnswer | Promise<WireAnswer>): Promise<WireAnswer> {
    const given = await answer
    await this.travel()
    if (this.#conditions.reorder) await this.#takeTurn()
    return given
  }

  #takeTurn(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#ready.length === 0) setImmediate(() => this.#release())
      this.#ready.push(resolve)
    })
  }

  #release(): void {
    const ready = this.#ready
    this.#ready = []
    while (ready.length > 0) {
      const [release] = ready.splice(Math.floor(this.#random() * ready.length), 1)
      release?.()
    }
  }
}

function nameOf(leftId: string, rightId: string): string {
  return leftId < rightId ? `${leftId} ${rightId}` : `${rightId} ${leftId}`
}
