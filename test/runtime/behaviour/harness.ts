import type { Peer, PeerOptions } from 'netgen/runtime'

/** What a transport's suite gives to the behaviour suite: peers that find and call each other. */
export interface Harness {
  createPeer(options?: PeerOptions): Promise<Peer>
  /** Closes every peer, and fails where something of them stays open. */
  close(): Promise<void>
}

/** Peers log nothing in tests, unless a test looks at what they log. */
export const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** What a promise rejects with. Fails where it resolves. */
export async function catchError(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  const value = await promise.then(
    (resolved) => ({ resolved }),
    (error: unknown) => ({ error }),
  )
  if ('error' in value) return value.error as Error & Record<string, unknown>
  throw new Error(`expected a rejection, got ${JSON.stringify(value.resolved)}`)
}

/** What a late call says at its caller, whichever side tells first. */
export function sayLate(tag: string, timeoutMs: number): string {
  return `${tag} took longer than ${timeoutMs} ms: raise timeoutMs, or have it answer sooner`
}
