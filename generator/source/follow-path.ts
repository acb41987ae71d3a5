import { BUILDER_RULES } from './builder-rules.js'
import type { Meaning, ModuleGraph } from './module-graph.js'
import type { ModuleSource } from './module-source.js'
import { type Syntax, ts } from './typescript.js'

/** A key of a live object, or an index of a live array. */
export type PathKey = string | number

/** A place in the source that stands for a part of a live object. */
export interface Spot {
  readonly module: ModuleSource
  /** What a diagnostic points at. */
  readonly name: Syntax.Node
  /** In front of it stands the documentation comment; absent where the source has no place of its own for this part. */
  readonly commented?: Syntax.Node
  /** What the part's own parts are found in; absent where the source does not show it. */
  readonly value?: Syntax.Node
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
    return isComplete && spot.value !== undefined && ts.isEnumDeclaration(resolveValue(spot.module, spot.value).value)
  }

  function enter(meaning: Meaning): Spot {
    const { module } = meaning
    if (meaning.is === 'module') return { module, name: module.tree, value: module.tree }
    const { name, commented, value, part } = meaning.declaration
    if (part === undefined || !value) return { module, name, commented, ...(value && { value }) }
    const whole = takeStep(module, value, [part])?.spot
    if (!whole?.value) return { module, name, commented }
    // The name stands in this module, what it means in that of the whole.
    return { ...whole, ...(whole.module === module && { name }) }
  }

  function takeStep(from: ModuleSource, node: Syntax.Node, path: readonly PathKey[]): Step | undefined {
    const [key = ''] = path
    const { module, value } = resolveValue(from, node)
    if (ts.isObjectLiteralExpression(value)) return takeProperty(module, value, String(key))
    if (ts.isArrayLiteralExpression(value)) return takeElement(module, value.elements, Number(key))
    if (ts.isEnumDeclaration(value)) return takeElement(module, value.members, Number(key))
    if (ts.isCallExpression(value)) return takeFromCall(module, value, path)
    if (ts.isSourceFile(value)) {
      const meaning = graph.findExport(module, String(key))
      return meaning && { spot: enter(meaning), keys: 1 }
    }
    return undefined
  }

  function takeProperty(module: ModuleSource, literal: Syntax.ObjectLiteralExpression, key: string): Step | undefined {
    // What is written last wins, as it does when the program runs.
    for (const property of [...literal.properties].reverse()) {
      if (ts.isSpreadAssignment(property)) {
        const spread = takeStep(module, property.expression, [key])
        if (spread) return spread
      } else if (readName(property.name) === key) {
        const name = ts.isComputedPropertyName(property.name) ? property.name.expression : property.name
        const value = ts.isPropertyAssignment(property) ? property.initializer : name
        return { spot: { module, name, commented: property, value }, keys: 1 }
      }
    }
    return undefined
  }

  function takeElement(module: ModuleSource, elements: readonly Syntax.Node[], index: number): Step | undefined {
    const element = elements[index]
    if (!element || elements.slice(0, index + 1).some(ts.isSpreadElement)) return undefined
    return { spot: { module, name: element, commented: element, value: element }, keys: 1 }
  }

  function takeFromCall(module: ModuleSource, call: Syntax.CallExpression, path: readonly PathKey[]): Step | undefined {
    const builder = nameBuilder(module, call.expression)
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
    return options && !isTaken && ts.isObjectLiteralExpression(options)
      ? takeProperty(module, options, String(key))
      : undefined
  }

  // `Type.Object`, `Object` and, after `import { Object as Shape }`, `Shape` are one builder.
  function nameBuilder(module: ModuleSource, callee: Syntax.Expression): string {
    if (ts.isPropertyAccessExpression(callee)) return callee.name.text
    if (!ts.isIdentifier(callee)) return ''
    return module.imports.get(callee.text)?.name ?? callee.text
  }

  function resolveValue(
    from: ModuleSource,
    node: Syntax.Node,
  ): { readonly module: ModuleSource; readonly value: Syntax.Node } {
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

  function lookUp(module: ModuleSource, value: Syntax.Node): Spot | undefined {
    if (ts.isIdentifier(value)) {
      const meaning = graph.findLocal(module, value.text)
      return meaning && enter(meaning)
    }
    if (!ts.isPropertyAccessExpression(value)) return undefined
    return takeStep(module, value.expression, [value.name.text])?.spot
  }

  return { follow, leadsToEnum }
}

// What changes a value's type, or when it is evaluated, and not its parts.
function unwrap(node: Syntax.Node): Syntax.Node {
  if (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node)
  ) {
    return unwrap(node.expression)
  }
  return ts.isArrowFunction(node) && !ts.isBlock(node.body) ? unwrap(node.body) : node
}

// The `Type.Codec(schema)` of `Type.Codec(schema).Decode(...)`.
function readReceiver({ expression }: Syntax.CallExpression): Syntax.Node | undefined {
  return ts.isPropertyAccessExpression(expression) ? expression.expression : undefined
}

function readName(name: Syntax.PropertyName | undefined): string | undefined {
  if (!name) return undefined
  if (ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)) return name.text
  return ts.isComputedPropertyName(name) && ts.isStringLiteralLike(name.expression) ? name.expression.text : undefined
}
