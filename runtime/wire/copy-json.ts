import { printValue } from '../errors/print-value.js'
import { MAX_DEPTH } from './limits.js'

/** A copy as JSON holds it, or why there is none. */
export type JsonCopy =
  | { readonly ok: true; readonly value: unknown; readonly bytes: number }
  | { readonly ok: false; readonly problem: string }

/**
 * Copies plain data that a user's error holds, each part read once: a getter may throw, or answer otherwise the next time.
 * Refused is what JSON would lose or change, and what takes more than `maxBytes`; no more than that is looked at, so that a value
 * that holds itself, or shares its parts a thousandfold, ends too. Every text passes `mapText`. Never throws.
 */
export function copyJson(value: unknown, maxBytes: number, mapText: (text: string) => string): JsonCopy {
  const copier = new Copier(maxBytes, mapText)
  try {
    return { ok: true, value: copier.copy(value, 0), bytes: maxBytes - copier.bytesLeft }
  } catch (error) {
    return { ok: false, problem: error instanceof CopyRefusal ? error.message : 'it cannot be read' }
  }
}

class CopyRefusal extends Error {}

class Copier {
  bytesLeft: number
  readonly #maxBytes: number
  readonly #mapText: (text: string) => string

  constructor(maxBytes: number, mapText: (text: string) => string) {
    this.bytesLeft = maxBytes
    this.#maxBytes = maxBytes
    this.#mapText = mapText
  }

  copy(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case 'string':
        return this.#copyText(value)
      case 'boolean':
        this.#take(5)
        return value
      case 'number':
        if (!Number.isFinite(value)) throw new CopyRefusal(`${value} is no JSON number`)
        this.#take(String(value).length)
        return value
      case 'object':
        return value === null ? this.#copyNull() : this.#copyObject(value, depth)
      default:
        throw new CopyRefusal(`${printValue(value)} cannot travel as JSON`)
    }
  }

  #copyNull(): null {
    this.#take(4)
    return null
  }

  #copyText(text: string): string {
    // At least a byte for each unit: a text that is too long is not even mapped.
    if (text.length > this.bytesLeft) this.#take(text.length)
    const mapped = this.#mapText(text)
    this.#take(Buffer.byteLength(JSON.stringify(mapped)))
    return mapped
  }

  #copyObject(value: object, depth: number): unknown {
    if (depth === MAX_DEPTH) throw new CopyRefusal(`it is deeper than ${MAX_DEPTH} levels, or holds itself`)
    this.#take(2)
    if (Array.isArray(value)) return this.#copyArray(value, depth)
    const prototype: unknown = Object.getPrototypeOf(value)
    const isPlain = prototype === null || prototype === Object.prototype
    if (!isPlain) throw new CopyRefusal('an instance of a class cannot travel as JSON')
    const copy: Record<string, unknown> = {}
    for (const key of Object.keys(value)) {
      if (key === '__proto__') throw new CopyRefusal('the key "__proto__" is not allowed')
      const item: unknown = (value as Record<string, unknown>)[key]
      if (item === undefined) continue
      const copied = this.copy(item, depth + 1)
      copy[this.#copyText(key)] = copied
      if (key === 'constructor' && Object.hasOwn(Object(copied), 'prototype')) {
        throw new CopyRefusal('the key "constructor" holding "prototype" is not allowed')
      }
    }
    return copy
  }

  #copyArray(items: readonly unknown[], depth: number): unknown[] {
    const copy: unknown[] = []
    for (let index = 0; index < items.length; index++) {
      this.#take(1)
      copy.push(this.copy(items[index], depth + 1))
    }
    return copy
  }

  #take(bytes: number): void {
    this.bytesLeft -= bytes
    if (this.bytesLeft < 0) throw new CopyRefusal(`it takes more than ${this.#maxBytes} bytes of JSON`)
  }
}
