import { createHash } from 'node:crypto'
import { toToken } from '../subjects.js'

/** The longest name of a stream or consumer, in characters. */
const MAX_NAME_LENGTH = 255

/** The streams of a group, and the subjects that they store. */
export interface GroupNames {
  readonly events: string
  readonly eventSubjects: string
  readonly dead: string
  readonly deadSubjects: string
}

/** How the streams of a group are called. */
export function nameStreams(group: string): GroupNames {
  const token = toToken(group)
  return {
    events: shorten(`ng_${token}`),
    eventSubjects: `ng.${token}.d.>`,
    dead: shorten(`ngdead_${token}`),
    deadSubjects: `ng.${token}.dead.>`,
  }
}

/** Where an event of a group is stored. */
export function nameEvent(group: string, tag: string): string {
  return `ng.${toToken(group)}.d.${toTokens(tag)}`
}

/** Where an event is stored that a subscription has given up. */
export function nameDead(group: string, tag: string, subscription: string): string {
  return `ng.${toToken(group)}.dead.${toTokens(tag)}.${subscription}`
}

/** The consumer of a subscription: of all in its stream. */
export function nameConsumer(tag: string, subscription: string): string {
  return shorten(`${toTokens(tag).replaceAll('.', '+')}=${subscription}`)
}

/** A tag as it is, with its dots, where a subject may hold it: whoever looks at NATS then reads it, and permits parts of it. */
function toTokens(tag: string): string {
  return /^[\w-]+(\.[\w-]+)*$/.test(tag) ? tag : toToken(tag)
}

function shorten(name: string): string {
  if (name.length <= MAX_NAME_LENGTH) return name
  // Nobody reads it any more: it has to be its own.
  return `${name.slice(0, 200)}~${createHash('sha256').update(name).digest('base64url')}`
}
