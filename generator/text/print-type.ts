import type { ClassName, Member, TupleElement, TypeNode } from '../model/type-node.js'
import { measureAtLeast } from './measure-type.js'
import { importSchemaType, importType, useGlobal } from './module-symbol.js'
import { printDocumentation } from './print-documentation.js'
import { joinSource, SourceText, source } from './source-text.js'

/** How many columns a type may take: in the line that it begins in, and in the lines that it may break into. */
export interface Room {
  readonly first: number
  readonly further: number
}

/** Prints a type: on one line where it fits and no member has documentation, else broken into lines. */
export function printType(type: TypeNode, room: Room): SourceText {
  if (measureAtLeast(type) <= room.first && !hasDocumentation(type)) {
    const flat = printFlat(type)
    if (flat.columns <= room.first) return flat
  }
  return printBroken(type, room)
}

/** Prints a type on one line, however long it is. Documentation of its members is left out. */
export function printFlat(type: TypeNode): SourceText {
  const known = flatTexts.get(type)
  if (known) return known
  const text = composeFlat(type)
  flatTexts.set(type, text)
  return text
}

/** Whether a type fits is asked at every level around it, and of every type in both interfaces: this halves the printing. */
const flatTexts = new WeakMap<TypeNode, SourceText>()

function composeFlat(type: TypeNode): SourceText {
  switch (type.kind) {
    case 'keyword':
      return SourceText.name(type.keyword)
    case 'literal':
      return source`${type.value}`
    case 'template':
      return SourceText.template(type.parts.map((part) => (typeof part === 'string' ? part : printFlat(part))))
    case 'reference':
      return SourceText.name(type.name)
    case 'array':
      return printArray(type.readonly, parenthesize(type.element, printFlat(type.element)))
    case 'tuple': {
      const elements = type.elements.map((element) => printElement(element, printFlat(element.type)))
      return printReadonly(type.readonly, source`[${joinSource(elements, source`, `)}]`)
    }
    case 'record':
      return source`{ [key: ${printFlat(type.key)}]: ${printFlat(type.value)} }`
    case 'object':
      return source`{ ${joinSource(
        type.members.map((member) => source`${printMemberHead(member)}${printFlat(member.type)}`),
        source`; `,
      )} }`
    case 'union':
      return joinSource(type.arms.map(printFlat), source` | `)
    case 'intersection':
      return joinSource(
        type.arms.map((arm) => parenthesize(arm, printFlat(arm))),
        source` & `,
      )
    case 'exclusion':
      return printExclusion(printFlat(type.from), printFlat(type.excluded))
    case 'class':
      return printClass(type.name, type.parameters.map(printFlat))
    case 'inferred':
      return printInferred(type.exportName, type.path)
  }
}

/**
 * Prints the members of an object type between braces, each in lines of its own.
 *
 * @param owner The exported type that they are the members of. `undefined`: none that has a name.
 */
export function printMembers(members: readonly Member[], further: number, owner?: string): SourceText {
  const lines = members.map((member) => {
    const head = printMemberHead(member, owner)
    const type = printType(member.type, { first: further - 2 - head.columns, further: further - 2 })
    return source`\n  ${printDocumentation(member.documentation)}${head}${type}`
  })
  return source`{${lines}\n}`
}

function printBroken(type: TypeNode, room: Room): SourceText {
  const inside = { first: room.further - 4, further: room.further - 2 }
  switch (type.kind) {
    case 'keyword':
    case 'literal':
    case 'template':
    case 'reference':
      return printFlat(type)
    case 'array':
      return printArray(type.readonly, parenthesize(type.element, printBroken(type.element, room)))
    case 'tuple': {
      const elements = type.elements.map((element) => {
        return source`\n  ${printElement(element, printType(element.type, inside))},`
      })
      return printReadonly(type.readonly, source`[${elements}\n]`)
    }
    case 'record':
      return source`{\n  [key: ${printFlat(type.key)}]: ${printType(type.value, inside)}\n}`
    case 'object':
      return printMembers(type.members, room.further)
    case 'union':
      return source`${type.arms.map((arm) => source`\n  | ${printType(arm, inside)}`)}`
    case 'intersection':
      return joinSource(
        type.arms.map((arm) => parenthesize(arm, printBroken(arm, room))),
        source` & `,
      )
    case 'exclusion':
      return printExclusion(printBroken(type.from, room), printBroken(type.excluded, room))
    case 'class': {
      const parameters = type.parameters.map((parameter) => source`\n  ${printType(parameter, inside)}`)
      return printClass(type.name, parameters.length === 0 ? [] : [source`${joinSource(parameters, source`,`)}\n`])
    }
    case 'inferred':
      return printFlat(type)
  }
}

function printClass(name: ClassName, parameters: readonly SourceText[]): SourceText {
  const symbol = SourceText.symbol(useGlobal(name))
  return parameters.length === 0 ? source`${symbol}` : source`${symbol}<${joinSource(parameters, source`, `)}>`
}

function printInferred(exportName: string, path: readonly (string | number)[]): SourceText {
  const parts = path.map((part) => source`${part}`)
  const place = parts.length === 0 ? source`` : source`, [${joinSource(parts, source`, `)}]`
  const decoded = SourceText.symbol(importType('Decoded'))
  return source`${decoded}<typeof ${SourceText.symbol(importSchemaType(exportName))}${place}>`
}

function printExclusion(from: SourceText, excluded: SourceText): SourceText {
  return source`${SourceText.symbol(useGlobal('Exclude'))}<${from}, ${excluded}>`
}

function printMemberHead({ name, optional, readonly }: Member, owner?: string): SourceText {
  const plainKey = SourceText.key(name)
  const key = owner === undefined ? plainKey : SourceText.nameOf({ is: 'member', of: owner, name }, plainKey)
  return source`${readonly ? source`readonly ` : source``}${key}${optional ? source`?: ` : source`: `}`
}

function printElement({ type, form }: TupleElement, text: SourceText): SourceText {
  if (form === 'required') return text
  const operand = parenthesize(type, text)
  return form === 'optional' ? source`${operand}?` : source`...${operand}[]`
}

function printArray(readonly: boolean, element: SourceText): SourceText {
  return printReadonly(readonly, source`${element}[]`)
}

function printReadonly(readonly: boolean, text: SourceText): SourceText {
  return readonly ? source`readonly ${text}` : text
}

/** Puts a type into parentheses where an operator beside it would take a part of it away. */
function parenthesize(type: TypeNode, text: SourceText): SourceText {
  const isCompound = type.kind === 'union' || type.kind === 'intersection'
  const isReadonly = (type.kind === 'array' || type.kind === 'tuple') && type.readonly
  if (!isCompound && !isReadonly) return text
  return text.isOneLine ? source`(${text})` : source`(${text}\n)`
}

/** Whether a type, or a part of it, has members with documentation: then it cannot stand on one line. */
export function hasDocumentation(type: TypeNode): boolean {
  switch (type.kind) {
    case 'object':
      return type.members.some((member) => member.documentation !== undefined || hasDocumentation(member.type))
    case 'array':
      return hasDocumentation(type.element)
    case 'record':
      return hasDocumentation(type.value)
    case 'tuple':
      return type.elements.some((element) => hasDocumentation(element.type))
    case 'union':
    case 'intersection':
      return type.arms.some(hasDocumentation)
    case 'class':
      return type.parameters.some(hasDocumentation)
    case 'exclusion':
      return hasDocumentation(type.from) || hasDocumentation(type.excluded)
    default:
      return false
  }
}
