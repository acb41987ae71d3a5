import { decodeTag } from '../wire/tag.js'
import type { Answerer } from './transport.js'

/** Finds the tags that paths and subjects mean. */
export class TagReader {
  readonly #answerer: Pick<Answerer, 'serves'>
  /** Of encoded tags that are answered here, whose number is bounded: decoding one costs a fiftieth of a call. */
  readonly #known = new Map<string, string>()

  constructor(answerer: Pick<Answerer, 'serves'>) {
    this.#answerer = answerer
  }

  /** The encoded form is meant first; a tag that may stand in its place as it is works too. */
  read(segment: string): string {
    const known = this.#known.get(segment)
    if (known !== undefined) return known
    const decoded = decodeTag(segment)
    if (decoded === undefined) return segment
    if (!this.#answerer.serves(decoded)) return this.#answerer.serves(segment) ? segment : decoded
    // What is answered once is answered as long as the peer is there.
    this.#known.set(segment, decoded)
    return decoded
  }
}
