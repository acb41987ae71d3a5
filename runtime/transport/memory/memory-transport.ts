import { type Address, printAddress } from '../../api/address.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { type CallScope, PEER_CLOSED } from '../../call/scope/call-scope.js'
import { runOutside } from '../../call/scope/running-call.js'
import { carryStream } from '../../call/streams/carry-stream.js'
import { refuseGone } from '../../errors/refuse.js'
import type { ReceivedAnswer, WireCall } from '../../wire/exchange.js'
import type { ReceivedStream, WireStreamCall } from '../../wire/streams.js'
import type { Answerer, Identity, Transport } from '../transport.js'
import type { Conditions } from './conditions.js'

/** The host name that all peers in memory have. */
const MEMORY_HOST = 'memory'

interface Listener {
  readonly peer: RemotePeer
  readonly answerer: Answerer
}

/** The addresses of one network in memory. Peers of different networks never meet. */
export class MemorySwitch {
  readonly conditions: Conditions
  readonly #listeners = new Map<number, Listener>()
  readonly #followers = new Set<() => void>()
  #nextPort = 1

  constructor(conditions: Conditions) {
    this.conditions = conditions
  }

  get peers(): RemotePeer[] {
    return [...this.#listeners.values()].map(({ peer }) => peer)
  }

  bind(identity: Identity, answerer: Answerer): RemotePeer {
    const peer = Object.freeze({ ...identity, host: MEMORY_HOST, port: this.#nextPort++ })
    this.#listeners.set(peer.port, { peer, answerer })
    this.#tell()
    return peer
  }

  unbind(port: number): void {
    if (this.#listeners.delete(port)) this.#tell()
  }

  /** Calls the follower whenever somebody came or went, until the answer is called. */
  follow(follower: () => void): () => void {
    this.#followers.add(follower)
    return () => this.#followers.delete(follower)
  }

  find(address: Address): Listener {
    const listener = address.host === MEMORY_HOST ? this.#listeners.get(address.port) : undefined
    if (listener !== undefined) return listener
    throw refuseGone(`no peer listens at ${printAddress(address)}: it is closed, or of another network`)
  }

  /** The same for a peer that is meant, and not another one at its address. */
  findPeer(peer: RemotePeer): Listener {
    const listener = this.find(peer)
    if (listener.peer.id === peer.id) return listener
    throw refuseGone(`peer ${peer.id} is gone: at ${printAddress(peer)} is another one now`)
  }

  #tell(): void {
    for (const follower of [...this.#followers]) follower()
  }
}

/** Carries calls inside one process, as JSON text through the same checks and limits, without a socket. */
export class MemoryTransport implements Transport {
  readonly #switch: MemorySwitch
  readonly #open = new Set<CallScope>()
  #address: Address | undefined
  #selfId = ''

  constructor(memorySwitch: MemorySwitch) {
    this.#switch = memorySwitch
  }

  listen(identity: Identity, answerer: Answerer): Promise<Address> {
    const { host, port } = this.#switch.bind(identity, answerer)
    this.#selfId = identity.id
    this.#address = { host, port }
    return Promise.resolve(this.#address)
  }

  async identify(address: Address): Promise<RemotePeer> {
    const { peer } = this.#switch.find(address)
    this.#switch.conditions.refuseCut(this.#selfId, peer)
    return peer
  }

  async call(peer: RemotePeer, call: WireCall, scope: CallScope): Promise<ReceivedAnswer> {
    const { answerer } = this.#switch.findPeer(peer)
    const { conditions } = this.#switch
    conditions.refuseCut(this.#selfId, peer)
    scope.maybeExecuted = true
    this.#open.add(scope)
    const end = conditions.begin(this.#selfId, peer.id, scope)
    try {
      const arrival = conditions.travel()
      if (arrival !== undefined) await scope.race(arrival)
      // A socket would not carry the caller's async context either.
      const served = runOutside(() => answerer.serve({ ...call, input: { text: call.body } }))
      return await scope.carry(conditions.delay(served))
    } finally {
      end()
      this.#open.delete(scope)
    }
  }

  stream(peer: RemotePeer, call: WireStreamCall, scope: CallScope): ReceivedStream {
    const { answerer } = this.#switch.findPeer(peer)
    const { conditions } = this.#switch
    conditions.refuseCut(this.#selfId, peer)
    this.#open.add(scope)
    const end = conditions.begin(this.#selfId, peer.id, scope)
    return carryStream(
      call,
      scope,
      (arrived) => {
        const served = answerer.serveStream(arrived)
        return { pull: () => runOutside(() => served.pull()), cancel: () => runOutside(() => served.cancel()) }
      },
      () => {
        end()
        this.#open.delete(scope)
      },
    )
  }

  leave(): void {
    if (this.#address !== undefined) this.#switch.unbind(this.#address.port)
  }

  close(): Promise<void> {
    this.leave()
    for (const scope of this.#open) scope.stop(PEER_CLOSED)
    return Promise.resolve()
  }
}
