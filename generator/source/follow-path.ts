import { BUILDER_RULES } from './builder-rules.js'
import type { Meaning, ModuleGraph } from './module-graph.js'
import type { ModuleSource } from './module-source.js'
import type { Call, Expression, ObjectLiteral, PropertyKey, SyntaxNode } from './syntax-tree.js'

/** A key of a live object, or an index of a live array. */
export type PathKey = string | number

/** A place in the source that stands for a part of a live object. */
export interface Spot {
  readonly module: ModuleSource
  /** What a diagnostic points at. */
  readonly name: SyntaxNode
  /** In front of it stands the documentation comment; absent where the source has no place of its own for this part. */
  readonly commented?: SyntaxNode
  /** What the part's own parts are found in; absent where the source does not show it. */
  readonly value?: SyntaxNode
}

/** How far a path could be followed. */
export interface Trail {
  /** The narrowest place that was reached. */
  readonly spot: Spot
  /** Whether that is the end of the path. */
  readonly isComplete: boolean
}

/** Follows paths through the source of schemas: calls of TypeBox, object and array literals, names and imports. */
export interface PathFollower {
  follow(from: Meaning, path: readonly PathKey[]): Trail
  /** Whether the part at the end of a path is written as a TypeScript enum. */
  leadsToEnum(from: Meaning, path: readonly PathKey[]): boolean
}

/** One step into a value; `keys` says how much of the path it took. */
interface Step {
  readonly spot: Spot
  readonly keys: number
}

/** How many names may stand for names before one is taken to stand for itself. */
const MAX_NAMES_IN_A_ROW = 100

/** Creates a follower over the files of a graph. */
export function createPathFollower(graph: ModuleGraph): PathFollower {
  function follow(from: Meaning, path: readonly PathKey[]): Trail {
    let spot = enter(from)
    let taken = 0
    while (taken < path.length) {
      const step: Step | undefined = spot.value && takeStep(spot.module, spot.value, path.slice(taken))
      if (!step) return { spot, isComplete: false }
      spot = step.spot
      taken += step.keys
    }
    return { spot, isComplete: true }
  }

  function leadsToEnum(from: Meaning, path: readonly PathKey[]): boolean {
    const { spot, isComplete } = follow(from, path)
    return (
      isComplete && spot.value !== undefined && resolveValue(spot.module, spot.value).value.type === 'TSEnumDeclaration'
    )
  }

  function enter(meaning: Meaning): Spot {
    const { module } = meaning
    if (meaning.is === 'module') return { module, name: module.tree.program, value: module.tree.program }
    const { name, commented, value, part } = meaning.declaration
    if (part === undefined || !value) return { module, name, commented, ...(value && { value }) }
    const whole = takeStep(module, value, [part])?.spot
    if (!whole?.value) return { module, name, commented }
    // The name stands in this module, what it means in that of the whole.
    return { ...whole, ...(whole.module === module && { name }) }
  }

  function takeStep(from: ModuleSource, node: SyntaxNode, path: readonly PathKey[]): Step | undefined {
    const [key = ''] = path
    const { module, value } = resolveValue(from, node)
    switch (value.type) {
      case 'ObjectExpression':
        return takeProperty(module, value, String(key))
      case 'ArrayExpression':
        return takeElement(module, value.elements, Number(key))
      case 'TSEnumDeclaration':
        return takeElement(module, value.members, Number(key))
      case 'CallExpression':
        return takeFromCall(module, value, path)
      case 'Program': {
        const meaning = graph.findExport(module, String(key))
        return meaning && { spot: enter(meaning), keys: 1 }
      }
      default:
        return undefined
    }
  }

  function takeProperty(module: ModuleSource, literal: ObjectLiteral, key: string): Step | undefined {
    // What is written last wins, as it does when the program runs.
    for (const property of [...literal.properties].reverse()) {
      if (property.type === 'SpreadElement') {
        const spread = takeStep(module, property.argument, [key])
        if (spread) return spread
      } else if (readName(property.key, property.computed) === key) {
        const value = property.type === 'ObjectProperty' ? property.value : property.key
        return { spot: { module, name: property.key, commented: property, value }, keys: 1 }
      }
    }
    return undefined
  }

  function takeElement(
    module: ModuleSource,
    elements: readonly (SyntaxNode | null)[],
    index: number,
  ): Step | undefined {
    const element = elements[index]
    if (!element || elements.slice(0, index + 1).some((before) => before?.type === 'SpreadElement')) return undefined
    return { spot: { module, name: element, commented: element, value: element }, keys: 1 }
  }

  function takeFromCall(module: ModuleSource, call: Call, path: readonly PathKey[]): Step | undefined {
    const builder = nameBuilder(module, call.callee)
    const rule = BUILDER_RULES.get(builder) ?? {}
    if (rule.returns !== undefined) {
      const argument = rule.returns === 'receiver' ? readReceiver(call) : call.arguments[rule.returns]
      const step = argument && takeStep(module, argument, path)
      if (step) return step
    }
    const outer = rule.within !== undefined && rule.within === path[0] ? 1 : 0
    const key = path[outer] ?? ''
    const index = rule.keywords && Object.hasOwn(rule.keywords, key) ? rule.keywords[key] : undefined
    const argument = index === undefined ? undefined : call.arguments[index]
    if (argument) {
      const keys = rule.madeUp?.includes(String(key)) ? Math.min(2, path.length) : 1
      return { spot: { module, name: argument, value: argument }, keys: outer + keys }
    }
    const options = call.arguments.at(-1)
    const isTaken = Object.values(rule.keywords ?? {}).includes(call.arguments.length - 1)
    return options?.type === 'ObjectExpression' && !isTaken ? takeProperty(module, options, String(key)) : undefined
  }

  // `Type.Object`, `Object` and, after `import { Object as Shape }`, `Shape` are one builder.
  function nameBuilder(module: ModuleSource, callee: Call['callee']): string {
    if (callee.type === 'MemberExpression') return readMember(callee) ?? ''
    if (callee.type !== 'Identifier') return ''
    return module.imports.get(callee.name)?.name ?? callee.name
  }

  function resolveValue(
    from: ModuleSource,
    node: SyntaxNode,
  ): { readonly module: ModuleSource; readonly value: SyntaxNode } {
    let module = from
    let value = node
    for (let names = 0; names < MAX_NAMES_IN_A_ROW; names++) {
      value = unwrap(value)
      const spot = lookUp(module, value)
      if (!spot?.value) break
      module = spot.module
      value = spot.value
    }
    return { module, value }
  }

  function lookUp(module: ModuleSource, value: SyntaxNode): Spot | undefined {
    if (value.type === 'Identifier') {
      const meaning = graph.findLocal(module, value.name)
      return meaning && enter(meaning)
    }
    const member = value.type === 'MemberExpression' ? readMember(value) : undefined
    return value.type === 'MemberExpression' && member !== undefined
      ? takeStep(module, value.object, [member])?.spot
      : undefined
  }

  return { follow, leadsToEnum }
}

// What changes a value's type, or when it is evaluated, and not its parts.
function unwrap(node: SyntaxNode): SyntaxNode {
  switch (node.type) {
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
      return unwrap(node.expression)
    case 'ArrowFunctionExpression':
      return node.body.type === 'BlockStatement' ? node : unwrap(node.body)
    default:
      return node
  }
}

// The `Type.Codec(schema)` of `Type.Codec(schema).Decode(...)`.
function readReceiver({ callee }: Call): SyntaxNode | undefined {
  return callee.type === 'MemberExpression' ? callee.object : undefined
}

function readMember({ property, computed }: Extract<Expression, { type: 'MemberExpression' }>): string | undefined {
  return !computed && property.type === 'Identifier' ? property.name : undefined
}

function readName(key: PropertyKey, isComputed: boolean | undefined): string | undefined {
  if (key.type === 'StringLiteral') return key.value
  if (isComputed) return key.type === 'TemplateLiteral' ? readPlainTemplate(key) : undefined
  if (key.type === 'Identifier') return key.name
  return key.type === 'NumericLiteral' ? String(key.value) : undefined
}

function readPlainTemplate({
  quasis: [only],
  expressions,
}: Extract<Expression, { type: 'TemplateLiteral' }>): string | undefined {
  return expressions.length === 0 ? (only?.value.cooked ?? undefined) : undefined
}
