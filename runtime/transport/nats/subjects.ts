import { type Address, printAddress } from '../../api/address.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { encodeTag } from '../../wire/tag.js'

/** What stands before every subject of netgen's. */
const ROOT = 'ng'

/** All beats of all groups, for who may hear them. */
export const ALL_BEATS: string = `${ROOT}.*.beat`

/** What stands before all subjects of a group. */
export function nameGroup(group: string): string {
  return `${ROOT}.${toToken(group)}`
}

/** Where a peer of a group says that it is there. */
export function nameBeats(group: string): string {
  return `${ROOT}.${toToken(group)}.beat`
}

/**
 * Where one peer is asked or told something: who it is, for a link, which calls it has, to give up one, for its events, for no more of
 * them, and who has failed at one.
 */
export function namePeer(
  { group, id }: Pick<RemotePeer, 'group' | 'id'>,
  what: 'who' | 'link' | 'held' | 'cancel' | 'subscribe' | 'unsubscribe' | 'failure',
): string {
  return `${ROOT}.${toToken(group)}.p.${toToken(id)}.$${what}`
}

/** Where one peer is called: the tag follows, as `encodeTag` writes it. All else that a peer hears there begins with `$`, which no tag does. */
export function nameCalls({ group, id }: Pick<RemotePeer, 'group' | 'id'>): string {
  return `${ROOT}.${toToken(group)}.p.${toToken(id)}.`
}

/** Where one connection of a peer's is called. */
export function nameEndpoint(peer: Pick<RemotePeer, 'group' | 'id'>, tag: string): string {
  return nameCalls(peer) + encodeTag(tag)
}

/**
 * Where any peer of a group that serves a tag is called: the tag follows as `encodeTag` writes it, and as it is where that is made of letters,
 * digits, `_`, `-` and dots between them.
 */
export function nameQueued(group: string, tag: string): readonly string[] {
  const prefix = `${ROOT}.${toToken(group)}.q.`
  const encoded = prefix + encodeTag(tag)
  return /^[\w-]+(?:\.[\w-]+)*$/.test(tag) ? [encoded, prefix + tag] : [encoded]
}

/** Where all who are subscribed to an event of one peer hear it, each time once for all of them. */
export function nameEvent({ group, id }: Pick<RemotePeer, 'group' | 'id'>, tag: string): string {
  return `${ROOT}.${toToken(group)}.e.${toToken(id)}.${encodeTag(tag)}`
}

/** Where whoever has an address is asked who it is. */
export function nameAddress(group: string, address: Address): string {
  return `${ROOT}.${toToken(group)}.a.${toToken(printAddress(address))}`
}

/** Where one end of a link gets its frames. */
export function nameLink({ group, id }: Pick<RemotePeer, 'group' | 'id'>, link: string): string {
  return `${ROOT}.${toToken(group)}.l.${toToken(id)}.${link}`
}

/** Where answers come to peers of a group, each under a name of its own. */
export function nameInbox(group: string): string {
  return `${ROOT}.${toToken(group)}.i`
}

/** Where one peer hears who answers its hello. */
export function nameGreeting({ group, id }: Pick<RemotePeer, 'group' | 'id'>): string {
  return `${nameInbox(group)}.${toToken(id)}`
}

/** What the subjects begin with where a peer hears the answers of one other, which alone is told the name. */
export function nameAnswers(peer: Pick<RemotePeer, 'group' | 'id'>, name: string): string {
  return `${nameGreeting(peer)}.${name}.`
}

/** Whose subject for answers a text is, and what it begins with; undefined where it is that of no peer. */
export function readAnswers(
  subject: string,
): { readonly peer: Pick<RemotePeer, 'group' | 'id'>; readonly prefix: string } | undefined {
  const match = /^(ng\.([\w~-]{1,700})\.i\.([\w~-]{1,100})\.[\w-]{1,40}\.)[\w-]{1,40}$/.exec(subject)
  if (match === null) return undefined
  const [, prefix = '', group = '', id = ''] = match
  return { peer: { group: fromToken(group), id: fromToken(id) }, prefix }
}

/** Whether a text is where answers come to clients of NATS that are no peers. */
export function isClientInbox(subject: string): boolean {
  return subject.startsWith('_INBOX.')
}

/**
 * Whether a text is where answers come to some peer, or to another client of NATS: whoever names another subject would have this peer
 * publish there in its own name.
 */
export function isInbox(subject: string): boolean {
  return /^(?:_INBOX|ng\.[\w~-]{1,700}\.i)\./.test(subject)
}

/** Whether a text is the subject of some link: what another peer says is sent to. */
export function isLink(subject: unknown): subject is string {
  return typeof subject === 'string' && /^ng\.[\w~-]{1,700}\.l\.[\w~-]{1,100}\.\w{1,40}$/.test(subject)
}

/** A text as one token: as it is where it may stand there, else `~` and base64url of its UTF-8 (RFC 4648, section 5). */
export function toToken(text: string): string {
  return /^[A-Za-z0-9_-]+$/.test(text) ? text : `~${Buffer.from(text).toString('base64url')}`
}

function fromToken(token: string): string {
  return token.startsWith('~') ? Buffer.from(token.slice(1), 'base64url').toString() : token
}
