import type { AnyFilter } from '../api/any-peer.js'
import type { RemotePeer } from '../api/remote-peer.js'
import type { ConnectedConnection } from '../call/connected-connection.js'
import { type CallsInFlight, PeerChoice } from '../call/peer-choice.js'
import type { CallScope } from '../call/scope/call-scope.js'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import { type PeerQuery, readAnyFilter } from './peer-filter.js'
import type { PeerTable } from './peer-table.js'
import type { ServedBy } from './served-by.js'

/** After how long it is looked again who serves what, in milliseconds: who does not may begin to. */
const CANDIDATES_MS = 1_000

/** For how long it is believed that a peer does not serve a connection while others do, in milliseconds. */
const UNSERVED_MS = 5_000

/** The same while nobody does. */
const UNSERVED_BY_ALL_MS = 250

/**
 * How long the others have to answer when one peer is known to serve a connection, in milliseconds: without it, all calls that wait for the
 * first would go to that one.
 */
const OTHERS_MS = 25

/** What choosing needs of the peer. */
export interface ChooserOptions {
  readonly selfGroup: string
  readonly table: Pick<PeerTable, 'follow' | 'list' | 'lost'>
  readonly served: ServedBy
}

interface Candidates {
  readonly peers: readonly RemotePeer[]
  readonly version: number
  readonly foundAtMs: number
}

/**
 * Chooses a peer for each call: the power of two choices (Mitzenmacher, 2001), over calls in flight. It follows the table from the first
 * choice on, so that the next ones take no look at anything else.
 */
export class Chooser {
  readonly #options: ChooserOptions
  /** Who is there, and no suspect. */
  readonly #present = new Map<string, RemotePeer>()
  readonly #inFlight: CallsInFlight = new Map()
  /** By what `any` was made with, and the tag that is called. */
  readonly #candidates = new WeakMap<AnyFilter, Map<string, Candidates>>()
  #version = 0
  #isFollowing = false

  constructor(options: ChooserOptions) {
    this.#options = options
  }

  /**
   * The peer that the next attempt of a call goes to. Throws `invalid_argument` for a filter that is none. Throws, or rejects with,
   * `unavailable` where nobody is there who serves the connection.
   */
  choose(filter: AnyFilter, connection: ConnectedConnection, scope: CallScope): RemotePeer | Promise<RemotePeer> {
    this.#follow()
    scope.choice ??= new PeerChoice(this.#inFlight)
    const { choice } = scope
    // An attempt before this one has failed: whoever it went to has to prove itself again.
    if (choice.current !== undefined) this.#options.table.lost(choice.current)
    const peers = this.#findCandidates(filter, connection)
    return peers.length > 0 ? this.#pick(peers, choice) : this.#search(filter, connection, scope, choice)
  }

  #follow(): void {
    if (this.#isFollowing) return
    this.#isFollowing = true
    this.#options.table.follow(({ type, peer }) => {
      this.#version++
      if (type === 'left' || type === 'suspect') this.#present.delete(peer.id)
      else this.#present.set(peer.id, peer)
    })
  }

  /** Those of whom it is known that they fit; whether others do by now is asked meanwhile. */
  #findCandidates(filter: AnyFilter, connection: ConnectedConnection): readonly RemotePeer[] {
    const byTag = this.#candidates.get(filter) ?? new Map<string, Candidates>()
    this.#candidates.set(filter, byTag)
    const known = byTag.get(connection.tag)
    const nowMs = performance.now()
    if (known?.version === this.#version && nowMs - known.foundAtMs < CANDIDATES_MS) return known.peers
    const { fits, needs } = this.#read(filter, connection)
    const peers = [...this.#present.values()].filter(fits).filter((peer) => {
      const serves = this.#options.served.find(peer, needs, UNSERVED_MS)
      if (serves === undefined) void this.#options.served.check(peer, needs, UNSERVED_MS).then(() => this.#version++)
      return serves === true
    })
    byTag.set(connection.tag, { peers, version: this.#version, foundAtMs: nowMs })
    return peers
  }

  #pick(peers: readonly RemotePeer[], choice: PeerChoice): RemotePeer {
    const untried = peers.filter(({ id }) => !choice.hasTried(id))
    const open = untried.length > 0 ? untried : peers
    const at = Math.floor(Math.random() * open.length)
    const first = open[at] as RemotePeer
    // Any other of them, each as likely.
    const second = open[(at + 1 + Math.floor(Math.random() * (open.length - 1))) % open.length] as RemotePeer
    const chosen = this.#countInFlight(second) < this.#countInFlight(first) ? second : first
    choice.take(chosen.id, untried.length > 1)
    return chosen
  }

  #countInFlight({ id }: RemotePeer): number {
    return this.#inFlight.get(id) ?? 0
  }

  /** Looks for peers, and asks them what they serve. */
  async #search(
    filter: AnyFilter,
    connection: ConnectedConnection,
    scope: CallScope,
    choice: PeerChoice,
  ): Promise<RemotePeer> {
    const { served, table } = this.#options
    const { fits, needs } = this.#read(filter, connection)
    const { has: _, ...others } = filter
    await scope.race(table.list(others))
    const present = [...this.#present.values()].filter(fits)
    await scope.race(awaitMost(present.map((peer) => served.check(peer, needs, UNSERVED_BY_ALL_MS))))
    this.#version++
    const peers = present.filter((peer) => served.find(peer, needs, UNSERVED_MS) === true)
    if (peers.length > 0) return this.#pick(peers, choice)
    const problem =
      present.length === 0
        ? `nobody who could answer ${connection.tag} is there`
        : `${connection.tag} is served by none of the ${present.length} that are there`
    throw refuse(
      'unavailable',
      `${problem}: start a peer of group ${printGroups(filter, this.#options.selfGroup)} that serves it`,
    )
  }

  #read(filter: AnyFilter, { descriptor }: ConnectedConnection): PeerQuery {
    return readAnyFilter({ has: descriptor, ...filter }, this.#options.selfGroup)
  }
}

/** Resolves when all are known, or a little after the first that is true: the others may be hung. */
function awaitMost(answers: readonly Promise<boolean>[]): Promise<void> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined
    const onAnswer = (isTrue: boolean): void => {
      if (isTrue) timer ??= setTimeout(resolve, OTHERS_MS)
    }
    for (const answer of answers) void answer.then(onAnswer)
    void Promise.all(answers).then(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}

function printGroups({ groups }: AnyFilter, ownGroup: string): string {
  const names = groups === undefined ? [ownGroup] : typeof groups === 'string' ? [groups] : groups
  return names.map((name) => printValue(name)).join(' or ')
}
