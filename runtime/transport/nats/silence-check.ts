/** How often it is looked who has fallen silent, in milliseconds. */
const CHECK_MS = 700

/**
 * Looks every 700 ms who has fallen silent, while there is anybody to look at: each time behind whatever has arrived by then, since beats
 * that came while this process was held up are still to be read. Keeps no process alive.
 */
export class SilenceCheck {
  readonly #check: () => boolean
  #timer: NodeJS.Timeout | undefined
  #later: NodeJS.Immediate | undefined

  /** `check` answers whether there is anybody left to look at. */
  constructor(check: () => boolean) {
    this.#check = check
  }

  /** There is somebody. Does nothing where there was already. */
  begin(): void {
    this.#timer ??= setInterval(() => this.#checkLater(), CHECK_MS).unref()
  }

  end(): void {
    clearInterval(this.#timer)
    clearImmediate(this.#later)
    this.#timer = undefined
  }

  /** Timers have their turn before sockets, and this after them. */
  #checkLater(): void {
    this.#later = setImmediate(() => {
      if (!this.#check()) this.end()
    })
  }
}
