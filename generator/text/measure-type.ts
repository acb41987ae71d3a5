import type { Member, TypeNode } from '../model/type-node.js'

/**
 * How many columns a type takes on one line at the least, without printing it. Most types of a large schema are wider than any
 * line, and printing them on one to find that out takes as long as printing them in several.
 */
export function measureAtLeast(type: TypeNode): number {
  const known = measured.get(type)
  if (known !== undefined) return known
  const columns = measure(type)
  measured.set(type, columns)
  return columns
}

const measured = new WeakMap<TypeNode, number>()

function measure(type: TypeNode): number {
  switch (type.kind) {
    case 'keyword':
      return type.keyword.length
    case 'literal':
      return typeof type.value === 'string' ? type.value.length + 2 : 1
    case 'reference':
      return type.name.length
    case 'array':
      return measureAtLeast(type.element) + 2
    case 'tuple':
      return sum(type.elements.map((element) => measureAtLeast(element.type)))
    case 'object':
      return sum(type.members.map(measureMember))
    case 'union':
    case 'intersection':
      return sum(type.arms.map(measureAtLeast))
    case 'record':
      return measureAtLeast(type.key) + measureAtLeast(type.value)
    case 'class':
      return type.name.length + sum(type.parameters.map(measureAtLeast))
    default:
      return 1
  }
}

/** The name, a colon and a space, and the type. */
function measureMember({ name, type }: Member): number {
  return name.length + 2 + measureAtLeast(type)
}

/** Whatever stands between two of them takes two columns or more. */
function sum(columns: readonly number[]): number {
  return columns.reduce((total, next) => total + next + 2, columns.length === 0 ? 0 : -2)
}
