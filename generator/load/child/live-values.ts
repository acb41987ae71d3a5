import { types } from 'node:util'

/** Says in one word what an exported value is that is neither a connection nor a schema. */
export function nameTypeOf(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value !== 'object') return typeof value
  if (types.isProxy(value)) return 'Proxy'
  if (Array.isArray(value)) return 'array'
  return isPlainObject(value) ? 'object' : nameClassOf(value)
}

/** Reads an own property without calling a getter; `undefined` where there is none, or only a getter. */
export function readOwn(object: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(object, key)?.value
}

/** Whether an object is of no class, in whatever realm it was made. */
export function isPlainObject(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object)
  // Every realm has its own `Object.prototype`; they all end the chain.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** The name of an object's class, `object` where that has none. */
export function nameClassOf(object: object): string {
  const maker = readOwn(Object.getPrototypeOf(object) as object, 'constructor')
  const name = typeof maker === 'function' ? readOwn(maker, 'name') : undefined
  return typeof name === 'string' && name ? name : 'object'
}
