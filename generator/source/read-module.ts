import type { DeclarationOutline, ExportStatement, ImportedName, ModuleOutline, PackedDeclaration } from './outline.js'
import { readCommonJsExports } from './read-commonjs-exports.js'
import { createOutlineReader, type OutlineReader } from './read-outline.js'
import type { Syntax, TypeScript } from './typescript.js'

/** Parses a source file. Nothing is resolved; a syntax error does no harm. */
export function readModule(ts: TypeScript, file: string, text: string): ModuleOutline {
  const tree = ts.createSourceFile(file, text, {
    languageVersion: ts.ScriptTarget.Latest,
    // Documentation is read from the text.
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  })
  const imports = new Map(tree.statements.filter(ts.isImportDeclaration).flatMap(readImports))
  const declarations: PackedDeclaration[] = []
  const exports: ExportStatement[] = []

  for (const statement of tree.statements) {
    if (ts.isExportDeclaration(statement)) {
      exports.push(...readExports(statement))
      continue
    }
    const start = statement.getStart(tree)
    const reader = createOutlineReader(ts, tree, start, imports)
    for (const [name, outline] of readDeclarations(statement, reader)) {
      declarations.push({ ...(name !== undefined && { name }), start, text: JSON.stringify(outline) })
      const declaration = declarations.length - 1
      if (isDefaultExport(statement)) exports.push({ is: 'declared', name: 'default', declaration })
      else if (isExport(statement) && name !== undefined) exports.push({ is: 'declared', name, declaration })
    }
    for (const exported of readCommonJsExports(ts, statement, reader)) {
      if ('localName' in exported) {
        exports.push({ is: 'local', ...exported })
        continue
      }
      declarations.push({ start, text: JSON.stringify(exported.outline) })
      exports.push({ is: 'declared', name: exported.name, declaration: declarations.length - 1 })
    }
  }
  return { file, lineStarts: tree.getLineStarts(), declarations, imports, exports }

  function readImports(statement: Syntax.ImportDeclaration): [string, ImportedName][] {
    const { importClause, moduleSpecifier } = statement
    if (!importClause || !ts.isStringLiteral(moduleSpecifier)) return []
    const specifier = moduleSpecifier.text
    const { name: defaultName, namedBindings: bindings } = importClause
    const own: [string, ImportedName][] = defaultName ? [[defaultName.text, { specifier, name: 'default' }]] : []
    if (!bindings) return own
    if (ts.isNamespaceImport(bindings)) return [...own, [bindings.name.text, { specifier, name: '*' }]]
    const named = bindings.elements.map(({ name, propertyName }): [string, ImportedName] => {
      return [name.text, { specifier, name: (propertyName ?? name).text }]
    })
    return [...own, ...named]
  }

  function readExports({ exportClause, moduleSpecifier, isTypeOnly }: Syntax.ExportDeclaration): ExportStatement[] {
    if (isTypeOnly) return []
    const specifier = moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : undefined
    if (!exportClause) return specifier === undefined ? [] : [{ is: 'all', specifier }]
    if (ts.isNamespaceExport(exportClause)) {
      return [{ is: 'imported', name: exportClause.name.text, imported: { specifier: specifier ?? '', name: '*' } }]
    }
    return exportClause.elements
      .filter((element) => !element.isTypeOnly)
      .map(({ name: { text: name }, propertyName }) => {
        const localName = propertyName?.text ?? name
        if (specifier === undefined) return { is: 'local', name, localName }
        return { is: 'imported', name, imported: { specifier, name: localName } }
      })
  }

  function readDeclarations(
    statement: Syntax.Statement,
    reader: OutlineReader,
  ): [name: string | undefined, DeclarationOutline][] {
    const { read, locate, document } = reader
    if (ts.isVariableStatement(statement)) return readVariables(statement, reader)
    if (ts.isEnumDeclaration(statement)) {
      const { name } = statement
      return [[name.text, { at: locate(name), ...document(statement), value: read(statement) }]]
    }
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      const { name } = statement
      return [[name?.text ?? 'default', { at: locate(name ?? statement), ...document(statement) }]]
    }
    if (!ts.isExportAssignment(statement)) return []
    const { expression } = statement
    return [[undefined, { at: locate(expression), ...document(statement), value: read(expression) }]]
  }

  function readVariables(
    statement: Syntax.VariableStatement,
    { read, locate, document }: OutlineReader,
  ): [name: string, DeclarationOutline][] {
    const { declarations: variables } = statement.declarationList
    return variables.flatMap((variable): [string, DeclarationOutline][] => {
      const value = variable.initializer && { value: read(variable.initializer) }
      if (ts.isIdentifier(variable.name)) {
        const commented = variable === variables[0] ? statement : variable
        return [[variable.name.text, { at: locate(variable.name), ...document(commented), ...value }]]
      }
      if (!ts.isObjectBindingPattern(variable.name)) return []
      return variable.name.elements.flatMap((element): [string, DeclarationOutline][] => {
        if (!ts.isIdentifier(element.name) || element.dotDotDotToken) return []
        const key = element.propertyName ?? element.name
        const part = ts.isIdentifier(key) || ts.isStringLiteral(key) ? { part: key.text } : undefined
        return [[element.name.text, { at: locate(element.name), ...document(element), ...(part && value), ...part }]]
      })
    })
  }

  function isExport(statement: Syntax.Statement): boolean {
    return ts.isExportAssignment(statement) || hasModifier(statement, ts.SyntaxKind.ExportKeyword)
  }

  function isDefaultExport(statement: Syntax.Statement): boolean {
    return ts.isExportAssignment(statement) || hasModifier(statement, ts.SyntaxKind.DefaultKeyword)
  }

  function hasModifier(statement: Syntax.Statement, kind: Syntax.SyntaxKind): boolean {
    return ts.canHaveModifiers(statement) && (statement.modifiers?.some((modifier) => modifier.kind === kind) ?? false)
  }
}
