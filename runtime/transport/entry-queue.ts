/** From how many taken entries on their places are given back. */
const MIN_TAKEN = 1_024

/** A queue whose first entry is taken without moving the others, as `shift` does where they are many. */
export class EntryQueue<Entry> {
  /** From `#first` on; those before were taken. */
  readonly #entries: (Entry | undefined)[] = []
  #first = 0

  get isEmpty(): boolean {
    return this.#first === this.#entries.length
  }

  /** Undefined where it is empty. */
  get first(): Entry | undefined {
    return this.#entries[this.#first]
  }

  push(entry: Entry): void {
    this.#entries.push(entry)
  }

  /** Undefined where it is empty. */
  take(): Entry | undefined {
    if (this.isEmpty) return undefined
    const entry = this.#entries[this.#first]
    this.#entries[this.#first++] = undefined
    const isMostlyTaken = this.#first >= MIN_TAKEN && this.#first * 2 >= this.#entries.length
    if (this.isEmpty || isMostlyTaken) this.#drop()
    return entry
  }

  clear(): void {
    this.#first = this.#entries.length
    this.#drop()
  }

  #drop(): void {
    this.#entries.splice(0, this.#first)
    this.#first = 0
  }
}
