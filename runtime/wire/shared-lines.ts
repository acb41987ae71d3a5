/** Lines that leave to many at once: put together once, and their bytes made once, for all of them. */
export class SharedLines {
  /** Each line ends with LF. */
  readonly text: string
  #bytes: Buffer | undefined
  #frame: Buffer | undefined

  constructor(text: string) {
    this.text = text
  }

  /** The text in UTF-8. Not to be changed: it may be on its way to several already. */
  get bytes(): Buffer {
    this.#bytes ??= Buffer.from(this.text)
    return this.#bytes
  }

  /** What a link sends of it where all links of its kind send the same: made by the first of them. Not to be changed either. */
  frameOnce(encode: (text: string) => Buffer): Buffer {
    this.#frame ??= encode(this.text)
    return this.#frame
  }
}
