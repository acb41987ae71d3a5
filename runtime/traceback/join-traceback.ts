import type { Frame, Hop, Remote } from '../errors/remote.js'
import type { CallSite } from './call-site.js'
import { printFrame, readOwnFrames } from './own-frames.js'

/** The caller's own frames of the errors that were joined here, kept for the next hop: the printed stack holds all hops. */
const callerFrames = new WeakMap<Error, readonly Frame[]>()

/**
 * Makes an error's stack read like one program: the caller's frames, the line that called the stub on top; then a labelled
 * block for each hop, from the peer that was called to the one where it began.
 *
 * What another peer wrote is in `remote`, already cleaned. Without `remote` the error began here, and only netgen's own
 * frames are exchanged for the caller's.
 */
export function joinTraceback(error: Error, site: CallSite, remote?: Remote): void {
  const frames = readOwnFrames(site.stack)
  callerFrames.set(error, frames)
  const lines = [`${error.name}: ${error.message}`, ...frames.map(printFrame)]
  for (const hop of remote?.hops ?? []) {
    lines.push(`    --- at ${hop.peer}, in ${hop.tag} ---`, ...hop.frames.map(printFrame))
  }
  define(error, 'stack', lines.join('\n'))
  if (remote !== undefined) define(error, 'remote', remote)
}

/** The blocks that whatever was thrown has when it leaves this peer: its own frames here, then those of the peers before. */
export function readHops(error: unknown, peer: string, tag: string): Hop[] {
  if (!(error instanceof Error)) return [{ peer, tag, frames: [] }]
  const frames = callerFrames.get(error) ?? readOwnFrames(readStack(error))
  const remote: unknown = (error as { remote?: unknown }).remote
  const before = callerFrames.has(error) && remote !== undefined ? (remote as Remote).hops : []
  return [{ peer, tag, frames }, ...before]
}

function readStack(error: Error): string {
  // A user's error may have any stack, or a getter that throws.
  try {
    return typeof error.stack === 'string' ? error.stack : ''
  } catch {
    return ''
  }
}

function define(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, writable: true, configurable: true, enumerable: false })
}
