import { randomBytes } from 'node:crypto'
import type { RemotePeer } from '../../../api/remote-peer.js'
import type { CallerIdentity } from '../../../wire/exchange.js'
import type { Engine } from '../engine.js'
import { nameAnswers } from '../subjects.js'
import { CallRoute } from './call-route.js'
import type { CalledConnection } from './called-connection.js'

/** How many peers are remembered to which no call is in flight. */
const MAX_IDLE_ROUTES = 1_024

/** The ways to the peers that are called, or were not long ago. */
export class CallRoutes {
  readonly #engine: Engine
  readonly #caller: CallerIdentity
  /** By the group and the id of the peer: who says its id anew in another group is another one. */
  readonly #groups = new Map<string, Map<string, CallRoute>>()
  /** By what the subjects of their answers begin with. */
  readonly #inboxes = new Map<string, CallRoute>()

  constructor(engine: Engine, caller: CallerIdentity) {
    this.#engine = engine
    this.#caller = caller
  }

  /** The way to a peer; undefined where it was not called for long. */
  find({ group, id }: RemotePeer): CallRoute | undefined {
    return this.#groups.get(group)?.get(id)
  }

  /** The same, made where there is none. */
  open(peer: RemotePeer): CallRoute {
    const known = this.find(peer)
    if (known !== undefined) return known
    if (this.#inboxes.size >= MAX_IDLE_ROUTES) this.#forgetIdle()
    const route = new CallRoute(this.#engine, peer, nameAnswers(this.#caller, createName()))
    const routes = this.#groups.get(peer.group) ?? new Map<string, CallRoute>()
    this.#groups.set(peer.group, routes.set(peer.id, route))
    this.#inboxes.set(route.inbox, route)
    return route
  }

  /** The one that is answered in an inbox. */
  findByInbox(inbox: string): CallRoute | undefined {
    return this.#inboxes.get(inbox)
  }

  /** The connection that hears calls on a subject. */
  findConnection(subject: string): CalledConnection | undefined {
    for (const route of this.#inboxes.values()) {
      const connection = route.findBySubject(subject)
      if (connection !== undefined) return connection
    }
    return undefined
  }

  /** Sends at once what was gathered. */
  flush(): void {
    for (const route of this.#inboxes.values()) route.flush()
  }

  /** What they are told of later comes to nobody. */
  #forgetIdle(): void {
    for (const route of this.#inboxes.values()) {
      if (route.inFlight > 0) continue
      route.flush()
      this.#inboxes.delete(route.inbox)
      const { group, id } = route.peer
      const routes = this.#groups.get(group)
      routes?.delete(id)
      if (routes?.size === 0) this.#groups.delete(group)
    }
  }
}

/** What nobody can guess: 72 bits. The client of NATS reads subjects byte by byte. */
function createName(): string {
  return randomBytes(9).toString('base64url')
}
