import { type Address, printAddress } from '../api/address.js'
import type { RemotePeer } from '../api/remote-peer.js'
import type { Provider } from './provider.js'

/** How many peers a table knows. */
export const MAX_MEMBERS = 1_024

/** At how many further addresses, and under how many names, a peer is known. */
const MAX_SPARES = 4

/** A peer that the table knows. */
export interface Member {
  /** As it proved to be; as it is claimed where it has not yet. */
  peer: RemotePeer
  isProven: boolean
  /** Until when it counts as alive without being asked; by `performance.now()`. */
  freshUntilMs: number
  /** When it is asked again who never proved itself; by `performance.now()`. */
  retryAtMs: number
  /** Who claims it. */
  readonly providers: Set<Provider>
  /** Other addresses at which the same peer proved itself. */
  readonly spares: Map<string, RemotePeer>
  /** Addresses with names of hosts at which it was found. */
  readonly names: Set<string>
}

/** The peers of a table by id, in the order in which they were first heard of. */
export class Members {
  readonly #members = new Map<string, Member>()

  get all(): IterableIterator<Member> {
    return this.#members.values()
  }

  find(id: string): Member | undefined {
    return this.#members.get(id)
  }

  /** Who proved itself at an address. */
  findAt(address: string): Member | undefined {
    for (const member of this.#members.values()) {
      const isThere = printAddress(member.peer) === address || member.spares.has(address) || member.names.has(address)
      if (member.isProven && isThere) return member
    }
    return undefined
  }

  /** Adds a claimed peer. A full table gives up the oldest claim that nobody proved; undefined where all did. */
  add(peer: RemotePeer): Member | undefined {
    if (this.#members.size >= MAX_MEMBERS && !this.#dropClaim()) return undefined
    const member = {
      peer,
      isProven: false,
      freshUntilMs: 0,
      retryAtMs: 0,
      providers: new Set<Provider>(),
      spares: new Map(),
      names: new Set<string>(),
    }
    this.#members.set(peer.id, member)
    return member
  }

  /** Removes a peer; false where it is no member any more. */
  remove(member: Member): boolean {
    return this.has(member) && this.#members.delete(member.peer.id)
  }

  has(member: Member): boolean {
    return this.#members.get(member.peer.id) === member
  }

  #dropClaim(): boolean {
    for (const [id, member] of this.#members) {
      if (!member.isProven) return this.#members.delete(id)
    }
    return false
  }
}

/** Notes a further address of a member's. */
export function addSpare(member: Member, peer: RemotePeer): void {
  if (member.spares.size < MAX_SPARES) member.spares.set(printAddress(peer), peer)
}

/** Notes an address at which a member was found. Does nothing for one that it has. */
export function addName(member: Member, address: Address): void {
  if (member.names.size < MAX_SPARES && !isAt(member, address)) member.names.add(printAddress(address))
}

/** Whether a member is claimed to be, or proved to be, at an address. */
export function isAt(member: Member, address: Address): boolean {
  const at = printAddress(address)
  return printAddress(member.peer) === at || member.spares.has(at)
}
