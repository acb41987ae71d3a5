import { readFileSync } from 'node:fs'
import { type Syntax, ts } from './typescript.js'

/** Something that a file declares at its top level, and by which other places may mean it. */
export interface Declaration {
  /** What a diagnostic points at. */
  readonly name: Syntax.Node
  /** In front of it stands the documentation comment. */
  readonly commented: Syntax.Node
  /** What it stands for; absent for functions and classes. */
  readonly value?: Syntax.Node
  /** The part of `value` that it stands for, where it was destructured. */
  readonly part?: string
}

/** An import of a value, or a part of a re-export. */
export interface ImportedName {
  readonly specifier: string
  /** As the other file exports it; `*` for all of it as one object. */
  readonly name: string
}

/** One name that a file exports. */
export type NamedExport =
  | { readonly is: 'declared'; readonly name: string; readonly declaration: Declaration }
  | { readonly is: 'local'; readonly name: string; readonly localName: string }
  | { readonly is: 'imported'; readonly name: string; readonly imported: ImportedName }

/** A name, or all names of another file, where the statement stands that exports it. */
export type ExportStatement = NamedExport | { readonly is: 'all'; readonly specifier: string }

/** One source file, parsed, with its top level in order. */
export interface ModuleSource {
  /** Absolute. */
  readonly file: string
  readonly tree: Syntax.SourceFile
  /** By local name. */
  readonly declarations: ReadonlyMap<string, Declaration>
  /** By local name. */
  readonly imports: ReadonlyMap<string, ImportedName>
  readonly exports: readonly ExportStatement[]
  /** The same by name, without those that name a whole file. */
  readonly namedExports: ReadonlyMap<string, NamedExport>
}

/** Reads and parses a source file. Nothing is resolved; a syntax error does no harm, and a file that is gone counts as empty. */
export function parseModule(file: string): ModuleSource {
  const tree = ts.createSourceFile(file, readSource(file), PARSING)
  const declarations = new Map<string, Declaration>()
  const imports = new Map<string, ImportedName>()
  const exports: ExportStatement[] = []
  for (const statement of tree.statements) {
    if (ts.isImportDeclaration(statement)) {
      for (const [localName, imported] of readImports(statement)) imports.set(localName, imported)
    } else if (ts.isExportDeclaration(statement)) {
      exports.push(...readExports(statement))
    } else if (ts.isExportAssignment(statement)) {
      const declaration = { name: statement.expression, commented: statement, value: statement.expression }
      exports.push({ is: 'declared', name: 'default', declaration })
    } else {
      for (const [name, declaration] of readDeclarations(statement)) {
        declarations.set(name, declaration)
        if (isDefaultExport(statement)) exports.push({ is: 'declared', name: 'default', declaration })
        else if (isExport(statement)) exports.push({ is: 'declared', name, declaration })
      }
    }
  }
  const namedExports = new Map(exports.flatMap((entry) => (entry.is === 'all' ? [] : [[entry.name, entry]])))
  return { file, tree, declarations, imports, exports, namedExports }
}

// Documentation is read from the text, and only where it is asked for.
const PARSING = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone }

function* readImports({ importClause, moduleSpecifier }: Syntax.ImportDeclaration): Generator<[string, ImportedName]> {
  if (!importClause || !ts.isStringLiteral(moduleSpecifier)) return
  const specifier = moduleSpecifier.text
  if (importClause.name) yield [importClause.name.text, { specifier, name: 'default' }]
  const bindings = importClause.namedBindings
  if (!bindings) return
  if (ts.isNamespaceImport(bindings)) {
    yield [bindings.name.text, { specifier, name: '*' }]
    return
  }
  for (const { name, propertyName } of bindings.elements) {
    yield [name.text, { specifier, name: (propertyName ?? name).text }]
  }
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

function* readDeclarations(statement: Syntax.Statement): Generator<[string, Declaration]> {
  if (ts.isVariableStatement(statement)) {
    const { declarations } = statement.declarationList
    for (const variable of declarations) {
      const commented = variable === declarations[0] ? statement : variable
      const value = variable.initializer && { value: variable.initializer }
      if (ts.isIdentifier(variable.name)) {
        yield [variable.name.text, { name: variable.name, commented, ...value }]
      } else if (ts.isObjectBindingPattern(variable.name)) {
        for (const element of variable.name.elements) {
          if (!ts.isIdentifier(element.name) || element.dotDotDotToken) continue
          const key = element.propertyName ?? element.name
          const part = ts.isIdentifier(key) || ts.isStringLiteral(key) ? { part: key.text } : undefined
          yield [element.name.text, { name: element.name, commented: element, ...(part && value), ...part }]
        }
      }
    }
  } else if (ts.isEnumDeclaration(statement)) {
    yield [statement.name.text, { name: statement.name, commented: statement, value: statement }]
  } else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
    yield [statement.name?.text ?? 'default', { name: statement.name ?? statement, commented: statement }]
  }
}

function isExport(statement: Syntax.Statement): boolean {
  return hasModifier(statement, ts.SyntaxKind.ExportKeyword)
}

function isDefaultExport(statement: Syntax.Statement): boolean {
  return isExport(statement) && hasModifier(statement, ts.SyntaxKind.DefaultKeyword)
}

function hasModifier(statement: Syntax.Statement, kind: Syntax.SyntaxKind): boolean {
  return ts.canHaveModifiers(statement) && (statement.modifiers?.some((modifier) => modifier.kind === kind) ?? false)
}

function readSource(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // It was there when it was bundled: an editor is just replacing it.
    return ''
  }
}
