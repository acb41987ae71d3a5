import type { HidePlaces } from '../errors/hide-places.js'
import { cutText } from '../errors/print-value.js'
import type { Frame, Hop } from '../errors/remote.js'
import { MAX_CUTS, MAX_ERRORS, MAX_FRAMES, MAX_HOPS, MAX_TOLD_TAGS } from './limits.js'

/** The longest message, in UTF-16 units. */
const MAX_MESSAGE_LENGTH = 16 * 1024

/** What all messages of one record may have together. */
const MAX_MESSAGES_LENGTH = 64 * 1024

/** The longest name of a class, function, file or property, in UTF-16 units. */
const MAX_NAME_LENGTH = 300

/** What the properties of all errors of one record, and the tags that it lists, may take together, in bytes of JSON. */
const MAX_PROPERTY_BYTES = 16 * 1024

/** The same for the data of declared errors. */
const MAX_DATA_BYTES = 1024 * 1024

/** How many frames all errors of one record may have together. */
const MAX_ALL_FRAMES = 256

/** What one error record may still take, and what was left out of it: together no more than an answer may have. */
export class DescriptionBudget {
  errorsLeft: number = MAX_ERRORS
  propertyBytesLeft: number = MAX_PROPERTY_BYTES
  dataBytesLeft: number = MAX_DATA_BYTES
  readonly hidePlaces: HidePlaces
  readonly #cuts: string[] = []
  #cutsMore = 0
  #messageLeft = MAX_MESSAGES_LENGTH
  #framesLeft = MAX_ALL_FRAMES

  constructor(hidePlaces: HidePlaces) {
    this.hidePlaces = hidePlaces
  }

  /** What was left out, in words. */
  get cuts(): readonly string[] {
    return this.#cutsMore === 0 ? this.#cuts : [...this.#cuts, `: ${this.#cutsMore} more things were left out`]
  }

  /** Notes what was left out, and why. */
  cut(pointer: string, problem: string): void {
    if (this.#cuts.length < MAX_CUTS - 1) this.#cuts.push(`${this.takeName(pointer)}: ${this.takeName(problem)}`)
    else this.#cutsMore++
  }

  /** Whoever may not know what was left in may not know what was left out. */
  forget(): void {
    this.#cuts.length = 0
    this.#cutsMore = 0
  }

  takeName(name: string): string {
    return cutText(this.hidePlaces(cutText(name, 2 * MAX_NAME_LENGTH)), MAX_NAME_LENGTH)
  }

  takeMessage(message: string): string {
    const maxLength = Math.min(MAX_MESSAGE_LENGTH, this.#messageLeft)
    // Places are hidden first: a path that is cut in two would not be known.
    const text = this.hidePlaces(message.slice(0, 2 * MAX_MESSAGE_LENGTH))
    const kept = text.length > maxLength ? text.slice(0, maxLength).replace(/[\ud800-\udbff]$/, '') : text
    this.#messageLeft -= kept.length
    const cutLength = text.length - kept.length + Math.max(0, message.length - 2 * MAX_MESSAGE_LENGTH)
    return cutLength === 0 ? kept : `${kept}… (${cutLength} more characters were cut)`
  }

  /** The hops as they travel: of a chain that is too long, its beginning and its end. */
  takeHops(hops: readonly Hop[]): Hop[] {
    const half = MAX_HOPS / 2
    if (hops.length > MAX_HOPS) this.cut('/hops', `${hops.length - MAX_HOPS} peers between the first and the last`)
    const kept = hops.length > MAX_HOPS ? [...hops.slice(0, half), ...hops.slice(-half)] : hops
    return kept.map((hop) => ({ ...hop, frames: this.#takeFrames(hop.frames) }))
  }

  /** Of the tags that are served the first ones: so many that they are read, and of no more bytes than properties. */
  takeTags(tags: readonly string[]): string[] {
    const kept: string[] = []
    for (const tag of tags.slice(0, MAX_TOLD_TAGS)) {
      const bytes = Buffer.byteLength(JSON.stringify(tag)) + ','.length
      if (bytes > this.propertyBytesLeft) break
      this.propertyBytesLeft -= bytes
      kept.push(tag)
    }
    if (kept.length < tags.length) this.cut('/unserved/has', `${tags.length - kept.length} of them were too many`)
    return kept
  }

  #takeFrames(frames: readonly Frame[]): Frame[] {
    const kept = frames.slice(0, Math.min(MAX_FRAMES, this.#framesLeft))
    this.#framesLeft -= kept.length
    return kept.map((frame) => ({
      ...frame,
      ...(frame.function === undefined ? {} : { function: this.takeName(frame.function) }),
      file: this.takeName(frame.file),
    }))
  }
}
