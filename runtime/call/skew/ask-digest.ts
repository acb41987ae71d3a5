import type { RemotePeer } from '../../api/remote-peer.js'
import type { InvokerOptions } from '../invoker-options.js'
import { CallScope } from '../scope/call-scope.js'

/** How long the answer may take at most, in milliseconds: the call that asks has failed, and only wants to say why. */
const MAX_ASK_MS = 1_000

/** What asking needs of the peer. */
export type AskOptions = Pick<InvokerOptions, 'carry' | 'deadlines' | 'peer'>

/**
 * The digest that a peer has of a connection: what its `netgen.info` says. undefined where it does not answer in time, or answers
 * no such thing. Takes no longer than the call has left for which it is asked, whose end ends it. Never rejects.
 */
export async function askDigest(
  { carry, deadlines, peer: { id, group } }: AskOptions,
  peer: RemotePeer,
  tag: string,
  call: CallScope,
): Promise<string | undefined> {
  if (call.stopped !== undefined) return undefined
  const scope = new CallScope(deadlines, INFO, MAX_ASK_MS, undefined, call)
  try {
    const caller = { id, group }
    const answer = await carry(peer, { tag: INFO, body: 'null', timeLeftMs: scope.sentTimeLeftMs, caller }, scope)
    return answer.ok ? findDigest(answer.value, tag) : undefined
  } catch {
    // Whoever waits has a failure to tell already.
    return undefined
  } finally {
    scope.finish()
  }
}

const INFO = 'netgen.info'

/** The answer is read as far as it is needed: a peer of another version may say more, or less. */
function findDigest(info: unknown, tag: string): string | undefined {
  const connections: unknown = (info as { connections?: unknown } | null)?.connections
  if (!Array.isArray(connections)) return undefined
  const found = (connections as readonly unknown[]).find((connection) => isNamed(connection, tag))
  const digest: unknown = (found as { digest?: unknown } | undefined)?.digest
  return typeof digest === 'string' ? digest : undefined
}

function isNamed(connection: unknown, tag: string): boolean {
  if (typeof connection !== 'object' || connection === null) return false
  const { tag: ownTag, aliases } = connection as { tag?: unknown; aliases?: unknown }
  return ownTag === tag || (Array.isArray(aliases) && aliases.includes(tag))
}
