/** Functions of the application's, in the order in which they were added. */
export class Hooks<Hook> implements Iterable<Hook> {
  #hooks: readonly { readonly hook: Hook }[] = []

  get isEmpty(): boolean {
    return this.#hooks.length === 0
  }

  /** Adds one, also where it is there already; disposing of what this gives takes it away. */
  add(hook: Hook): Disposable {
    const entry = { hook }
    this.#hooks = [...this.#hooks, entry]
    return {
      [Symbol.dispose]: () => {
        this.#hooks = this.#hooks.filter((some) => some !== entry)
      },
    }
  }

  /** Those of the moment when it began. */
  *[Symbol.iterator](): Iterator<Hook> {
    for (const { hook } of this.#hooks) yield hook
  }
}
