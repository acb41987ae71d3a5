import type { DeclarationOutline } from './outline.js'
import type { OutlineReader } from './read-outline.js'
import type { Syntax, TypeScript } from './typescript.js'

/** One name that a file of CommonJS exports: another one of its module, or a declaration of its own. */
export type CommonJsExport =
  | { readonly name: string; readonly localName: string }
  | { readonly name: string; readonly outline: DeclarationOutline }

/**
 * Reads what a statement exports by `exports.name = …`, `module.exports.name = …` or `module.exports = { … }`. Nothing where it is
 * any other, and of names that are computed.
 */
export function readCommonJsExports(
  ts: TypeScript,
  statement: Syntax.Statement,
  { read, locate, document }: OutlineReader,
): CommonJsExport[] {
  if (!ts.isExpressionStatement(statement)) return []
  const { expression } = statement
  if (!ts.isBinaryExpression(expression) || expression.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return []
  const { left, right } = expression
  if (isExports(left)) return ts.isObjectLiteralExpression(right) ? right.properties.flatMap(readProperty) : []
  if (!ts.isPropertyAccessExpression(left) || !isExports(left.expression)) return []
  return [readValue(left.name, right, statement)]

  function readProperty(property: Syntax.ObjectLiteralElementLike): CommonJsExport[] {
    if (ts.isShorthandPropertyAssignment(property)) return [readValue(property.name, property.name, property)]
    if (!ts.isPropertyAssignment(property)) return []
    const { name, initializer } = property
    return ts.isIdentifier(name) || ts.isStringLiteral(name) ? [readValue(name, initializer, property)] : []
  }

  function readValue(name: Syntax.MemberName | Syntax.StringLiteral, value: Syntax.Expression, commented: Syntax.Node) {
    if (ts.isIdentifier(value)) return { name: name.text, localName: value.text }
    return { name: name.text, outline: { at: locate(name), ...document(commented), value: read(value) } }
  }

  function isExports(node: Syntax.Expression): boolean {
    if (ts.isIdentifier(node)) return node.text === 'exports'
    return (
      ts.isPropertyAccessExpression(node) &&
      node.name.text === 'exports' &&
      ts.isIdentifier(node.expression) &&
      node.expression.text === 'module'
    )
  }
}
