import type { NamedTypeModel } from './model.js'
import type { TypeNode } from './type-node.js'

/**
 * Finds the named types that are nothing but themselves, such as `A = B` and `B = A | string`: between one and itself there
 * is no property, item or element, so neither the compiler nor a check would ever come to an end.
 */
export function findEndlessTypes(types: readonly NamedTypeModel[]): string[] {
  const byName = new Map(types.map(({ name, type }) => [name, type]))
  return types.map(({ name }) => name).filter((name) => leadsTo(name, byName.get(name), new Set()))

  function leadsTo(target: string, type: TypeNode | undefined, seen: Set<string>): boolean {
    return listDirectReferences(type).some((name) => {
      if (name === target) return true
      if (seen.has(name)) return false
      seen.add(name)
      return leadsTo(target, byName.get(name), seen)
    })
  }
}

function listDirectReferences(type: TypeNode | undefined): string[] {
  if (type?.kind === 'reference') return [type.name]
  if (type?.kind === 'exclusion') return [type.from, type.excluded].flatMap(listDirectReferences)
  return type?.kind === 'union' || type?.kind === 'intersection' ? type.arms.flatMap(listDirectReferences) : []
}
