/** How many calls have a place of their own at first, and at most. */
const MIN_PLACES = 32
const MAX_PLACES = 1_024

/**
 * Calls by their ids, which one side of a session gives in turn: each 2 more than the one before. A `Map` takes four times as long, 50
 * instead of 12 ns for each call: with this there are 1.06 times as many small calls in a second.
 */
export class CallTable<Call extends { readonly id: number }> {
  /** Each call at the place that its id leads to. There are as many as a power of two. */
  #places: (Call | undefined)[] = createPlaces(MIN_PLACES)
  /** Those whose place was taken: by a call that takes long, or by one of too many. */
  readonly #others = new Map<number, Call>()
  #size = 0

  get size(): number {
    return this.#size
  }

  get(id: number): Call | undefined {
    const call = this.#places[this.#findPlace(id)]
    if (call?.id === id) return call
    return this.#others.size === 0 ? undefined : this.#others.get(id)
  }

  /** Adds one whose id no other has. */
  add(call: Call): void {
    this.#size++
    if (this.#size > this.#places.length / 2 && this.#places.length < MAX_PLACES) this.#grow()
    const place = this.#findPlace(call.id)
    if (this.#places[place] === undefined) this.#places[place] = call
    else this.#others.set(call.id, call)
  }

  /** Takes one out that is there. */
  remove(call: Call): void {
    this.#size--
    const place = this.#findPlace(call.id)
    if (this.#places[place] === call) this.#places[place] = undefined
    else this.#others.delete(call.id)
  }

  /** All of them, the oldest first. */
  list(): Call[] {
    const calls = [...this.#places.filter((call) => call !== undefined), ...this.#others.values()]
    return calls.sort((left, right) => left.id - right.id)
  }

  /** The same, and takes them out. */
  takeAll(): Call[] {
    const calls = this.list()
    this.#places.fill(undefined)
    this.#others.clear()
    this.#size = 0
    return calls
  }

  #findPlace(id: number): number {
    // The last bit is the same for all calls of one side.
    return (id >>> 1) & (this.#places.length - 1)
  }

  #grow(): void {
    const calls = this.#places
    this.#places = createPlaces(2 * calls.length)
    for (const call of calls) if (call !== undefined) this.#places[this.#findPlace(call.id)] = call
  }
}

function createPlaces<Call>(count: number): (Call | undefined)[] {
  return Array.from({ length: count }, () => undefined)
}
