/**
 * Prints values of JSON so that equal ones have the same text, whatever the order of their keys, and no others have it. Objects that
 * come one after the other mostly have their keys in the same order: it is remembered, since sorting costs more than all else.
 */
export class SortedPrinter {
  #keys: readonly string[] = []
  /** The same keys in their order, and each as the text before its value. */
  #sorted: readonly string[] = []
  #printed: readonly string[] = []
  #shape = '{}'

  /** The same text for all objects that could be equal: what is inside is not looked at. */
  printShape(item: object): string {
    if (Array.isArray(item)) return `[${item.length}]`
    this.#readKeys(item)
    return this.#shape
  }

  /** The text of a value. */
  print(value: unknown): string {
    if (typeof value === 'string') return JSON.stringify(value)
    if (typeof value !== 'object' || value === null) return String(value)
    if (Array.isArray(value)) {
      // Natively, where order plays no part: a tenth of the time.
      return value.every(isScalar) ? JSON.stringify(value) : `[${value.map((item) => this.print(item)).join()}]`
    }
    this.#readKeys(value)
    // What is inside has keys of its own, which are read meanwhile.
    const sorted = this.#sorted
    const printed = this.#printed
    let text = '{'
    for (let at = 0; at < sorted.length; at++) {
      text += printed[at] + this.print((value as Record<string, unknown>)[sorted[at] as string])
    }
    return `${text}}`
  }

  #readKeys(item: object): void {
    const keys = Object.keys(item)
    const last = this.#keys
    if (keys.length === last.length && keys.every((key, at) => key === last[at])) return
    this.#keys = keys
    this.#sorted = keys.toSorted()
    this.#printed = this.#sorted.map((key) => `,${JSON.stringify(key)}:`)
    this.#shape = `{${this.#printed.join('')}}`
  }
}

/** Whether a value is printed alike by itself and by JSON.stringify in an array, which makes null of what JSON does not have. */
function isScalar(value: unknown): boolean {
  return (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  )
}
