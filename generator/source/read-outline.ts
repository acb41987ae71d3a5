import { BUILDER_RULES } from './builder-rules.js'
import type { ImportedName, Outline, OutlineElement, OutlineMember } from './outline.js'
import { readDocumentation } from './read-documentation.js'
import type { Documentation } from './source-index.js'
import type { Syntax, TypeScript } from './typescript.js'

/** Reads parts of one declaration. */
export interface OutlineReader {
  read(node: Syntax.Node): Outline
  /** Where a node begins, without what stands in front of it. */
  locate(node: Syntax.Node): number
  /** The documentation comment in front of a node, as what can be spread into an outline. */
  document(node: Syntax.Node): { readonly documentation?: Documentation }
}

/**
 * Creates what reads a declaration's parts.
 *
 * @param start What places count from.
 * @param imports The imports of the file, by local name.
 */
export function createOutlineReader(
  ts: TypeScript,
  tree: Syntax.SourceFile,
  start: number,
  imports: ReadonlyMap<string, ImportedName>,
): OutlineReader {
  const locate = (node: Syntax.Node): number => node.getStart(tree) - start

  function document(node: Syntax.Node): { readonly documentation?: Documentation } {
    const documentation = readDocumentation(ts, tree, node)
    return documentation ? { documentation } : {}
  }

  function read(outer: Syntax.Node): Outline {
    const at = locate(outer)
    const node = unwrap(outer)
    if (ts.isCallExpression(node)) return readCall(node, at)
    if (ts.isObjectLiteralExpression(node)) return { is: 'object', at, members: node.properties.map(readMember) }
    if (ts.isArrayLiteralExpression(node)) return { is: 'array', at, elements: node.elements.map(readElement) }
    if (ts.isEnumDeclaration(node)) return { is: 'enum', at, elements: node.members.map(readElement) }
    if (ts.isIdentifier(node)) return { is: 'name', at, name: node.text }
    if (ts.isPropertyAccessExpression(node)) return { is: 'part', at, of: read(node.expression), name: node.name.text }
    return at
  }

  function readCall(call: Syntax.CallExpression, at: number): Outline {
    const builder = nameBuilder(call.expression)
    const isCalledOnAll = BUILDER_RULES.get(builder)?.returns === 'receiver'
    const receiver = isCalledOnAll && ts.isPropertyAccessExpression(call.expression) && call.expression.expression
    // Such as `Type.String()`, which most calls are.
    if (call.arguments.length === 0 && !receiver) return at
    return {
      is: 'call',
      at,
      builder,
      ...(receiver && { receiver: read(receiver) }),
      arguments: call.arguments.map(read),
    }
  }

  function nameBuilder(callee: Syntax.Expression): string {
    if (ts.isPropertyAccessExpression(callee)) return callee.name.text
    if (!ts.isIdentifier(callee)) return ''
    return imports.get(callee.text)?.name ?? callee.text
  }

  function readMember(property: Syntax.ObjectLiteralElementLike): OutlineMember {
    if (ts.isSpreadAssignment(property)) return { spread: read(property.expression) }
    const name = readName(property.name)
    const at = locate(ts.isComputedPropertyName(property.name) ? property.name.expression : property.name)
    return { ...(name !== undefined && { name }), at, ...document(property), value: readValue(property, at) }
  }

  function readValue(property: Syntax.ObjectLiteralElementLike, at: number): Outline {
    if (ts.isPropertyAssignment(property)) return read(property.initializer)
    return ts.isShorthandPropertyAssignment(property) ? read(property.name) : at
  }

  function readElement(element: Syntax.Node): OutlineElement {
    return { ...document(element), value: read(element), ...(ts.isSpreadElement(element) && { isSpread: true }) }
  }

  function readName(name: Syntax.PropertyName): string | undefined {
    if (ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)) return name.text
    return ts.isComputedPropertyName(name) && ts.isStringLiteralLike(name.expression) ? name.expression.text : undefined
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

  return { read, locate, document }
}
