import type { Answerer } from '../../transport.js'
import type { Engine, EngineMessage } from '../engine.js'
import { nameQueued } from '../subjects.js'

/** Peers of one group that answer the same are one of these to the server: each call reaches one of them. */
export const QUEUE = 'netgen'

/** What every peer has: whoever asks for it means one of them. */
const OWN = 'netgen.'

/** Whether calls of a tag reach any peer of the group that answers it. */
export function isQueued(tag: string): boolean {
  return !tag.startsWith(OWN)
}

/**
 * Hears calls that any peer of the group may answer, from clients of NATS that know no peers, of all that is served here, now and later.
 * `onCall` is given the tag with them. Answers what ends it, and resolves when what was on its way has come. Where the server does not permit it, nobody calls so.
 */
export function serveQueue(
  engine: Engine,
  group: string,
  answerer: Answerer,
  onCall: (tag: string, message: EngineMessage) => void,
): () => Promise<void> {
  const ends: (() => Promise<void>)[] = []
  let isOver = false
  answerer.followServed((tag) => {
    if (isOver || !isQueued(tag)) return
    for (const subject of nameQueued(group, tag))
      ends.push(engine.join(subject, QUEUE, (message) => onCall(tag, message)))
  })
  return async () => {
    isOver = true
    await Promise.all(ends.splice(0).map((end) => end()))
  }
}
