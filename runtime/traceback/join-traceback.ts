import { isError, readProperty } from '../errors/is-error.js'
import type { Frame, Hop, Remote } from '../errors/remote.js'
import { shareRegistry } from '../errors/share-registry.js'
import type { CallSite } from './call-site.js'
import { printFrame, readOwnFrames } from './own-frames.js'
import { parseStack } from './parse-stack.js'

/** What was joined to an error here, kept for the next hop: the printed stack holds all hops, and a user may write over it. */
interface Joined {
  readonly frames: readonly Frame[]
  readonly remote: Remote | undefined
}

const joined = shareRegistry('joined.1', () => new WeakMap<Error, Joined>())

/**
 * Makes an error's stack read like one program: the caller's frames, the line that called the stub on top; then a labelled
 * block for each hop, from the peer that was called to the one where it began. Like V8, it writes the frames when they are first
 * read, and the header now.
 *
 * What another peer wrote is in `remote`, already cleaned. Without `remote` the error began here, and only netgen's own
 * frames are exchanged for the caller's.
 */
export function joinTraceback(error: Error, site: CallSite, remote?: Remote): void {
  const traceback = new Traceback(printHeader(error), site, remote)
  joined.set(error, traceback)
  Object.defineProperty(error, 'stack', {
    get: () => traceback.stack,
    set: (stack) => define(error, 'stack', stack),
    configurable: true,
    enumerable: false,
  })
  if (remote !== undefined) define(error, 'remote', remote)
}

class Traceback implements Joined {
  readonly remote: Remote | undefined
  readonly #header: string
  #site: CallSite | undefined
  #frames: readonly Frame[] = []
  #stack: string | undefined

  constructor(header: string, site: CallSite, remote: Remote | undefined) {
    this.#header = header
    this.#site = site
    this.remote = remote
  }

  get frames(): readonly Frame[] {
    if (this.#site !== undefined) {
      this.#frames = readOwnFrames(this.#site.stack)
      // It holds on to what was running.
      this.#site = undefined
    }
    return this.#frames
  }

  get stack(): string {
    if (this.#stack === undefined) {
      const lines = [this.#header, ...this.frames.map(printFrame)]
      for (const hop of this.remote?.hops ?? []) {
        lines.push(`    --- ${printLabel(hop)} ---`, ...hop.frames.map(printFrame))
      }
      this.#stack = lines.join('\n')
    }
    return this.#stack
  }
}

/** Whether an error has its caller's frames already. */
export function isJoined(error: Error): boolean {
  return joined.has(error)
}

/** A part of a traceback: the frames of this process, or with a label those of a peer. */
export interface Block {
  readonly label?: string
  readonly frames: readonly Frame[]
  readonly root?: string | undefined
}

/** The parts of an error's traceback, in the order in which its stack has them. Never throws. */
export function readBlocks(error: Error): Block[] {
  const { frames, hops } = readParts(error)
  return [{ frames }, ...hops.map((hop) => ({ label: printLabel(hop), frames: hop.frames, root: hop.root }))]
}

/** Where an error came from, as it was when it came: a user may have written over its `remote`. */
export function readRemote(error: Error): Remote | undefined {
  return joined.get(error)?.remote
}

/** Where an error leaves: the peer in words, and the digest of the folder that its paths are shown relative to. */
export type Place = Omit<Hop, 'frames'>

/** The blocks that whatever was thrown has when it leaves this peer: its own frames here, then those of the peers before. */
export function readHops(error: unknown, place: Place): Hop[] {
  if (!isError(error)) return [{ ...place, frames: [] }]
  const { frames, hops } = readParts(error)
  return [{ ...place, frames }, ...hops]
}

function readParts(error: Error): { readonly frames: readonly Frame[]; readonly hops: readonly Hop[] } {
  const known = joined.get(error)
  if (known !== undefined) return { frames: known.frames, hops: known.remote?.hops ?? [] }
  // A copy, as `structuredClone` makes it, has the printed stack alone.
  const [own = '', ...others] = readThrownStack(error).split(LABEL_LINE)
  const hops: Hop[] = []
  for (let at = 0; at + 2 < others.length; at += 3) {
    const [peer = '', tag = '', stack = ''] = others.slice(at, at + 3)
    hops.push({ peer, tag, frames: parseStack(stack) })
  }
  return { frames: readOwnFrames(own), hops }
}

// The stack may hold what a caller sent: a line that is longer than any label is none, and costs no more than its length.
const LABEL_LINE = /^ {4}--- at (?=[^\n]{0,1100}$)(.+), in (.+) ---$/m

/** The stack of a user's error without its header: a message may have lines that look like frames. */
function readThrownStack(error: Error): string {
  const stack = readProperty(error, 'stack')
  const message = readProperty(error, 'message')
  if (typeof stack !== 'string') return ''
  const at = typeof message === 'string' ? stack.indexOf(message) : -1
  // V8 writes `Name: message` when the error is made; a message that was set later is not there.
  return at === -1 || stack.slice(0, at).includes('\n') ? stack : stack.slice(at + String(message).length)
}

function printLabel({ peer, tag }: Hop): string {
  return `at ${peer}, in ${tag}`
}

/** As V8 writes it. */
function printHeader({ name, message }: Error): string {
  return message === '' ? name : `${name}: ${message}`
}

function define(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, writable: true, configurable: true, enumerable: false })
}
