/**
 * What is known of errors beside them, in one registry for all copies of netgen in this process: an application and a library that
 * it uses may each have its own copy, and errors pass through both. The first copy that asks for a name makes its registry.
 *
 * A registry and not marks on the errors: those would be printed with them, could be copied to others, and need errors that take
 * new properties. The name has to change when the form of what is kept does.
 */
export function shareRegistry<Registry extends object>(name: string, create: () => Registry): Registry {
  const key = Symbol.for(`netgen.${name}`)
  const shared = globalThis as { [key: symbol]: Registry | undefined }
  const known = shared[key]
  if (known !== undefined) return known
  const registry = create()
  Object.defineProperty(globalThis, key, { value: registry })
  return registry
}
