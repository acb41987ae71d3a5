import { readFileSync } from 'node:fs'
import { type Expression, parseSource, type Statement, type SyntaxNode, type SyntaxTree } from './syntax-tree.js'

/** Something that a file declares at its top level, and by which other places may mean it. */
export interface Declaration {
  /** What a diagnostic points at. */
  readonly name: SyntaxNode
  /** In front of it stands the documentation comment. */
  readonly commented: SyntaxNode
  /** What it stands for; absent for functions and classes. */
  readonly value?: SyntaxNode
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
  readonly tree: SyntaxTree
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
  const tree = parseSource(file, readSource(file))
  const declarations = new Map<string, Declaration>()
  const imports = new Map<string, ImportedName>()
  const exports: ExportStatement[] = []
  const declare = (declaring: Statement, commented: Statement): string[] => {
    const found = [...readDeclarations(declaring, commented)]
    for (const [name, declaration] of found) declarations.set(name, declaration)
    return found.map(([name]) => name)
  }
  const exportDeclared = (name: string, declaration: Declaration | undefined): void => {
    if (declaration) exports.push({ is: 'declared', name, declaration })
  }
  for (const statement of tree.program.body) {
    switch (statement.type) {
      case 'ImportDeclaration':
        for (const [localName, imported] of readImports(statement)) imports.set(localName, imported)
        break
      case 'ExportAllDeclaration':
        if (statement.exportKind !== 'type') exports.push({ is: 'all', specifier: statement.source.value })
        break
      case 'ExportNamedDeclaration':
        if (!statement.declaration) exports.push(...readExports(statement))
        else for (const name of declare(statement.declaration, statement)) exportDeclared(name, declarations.get(name))
        break
      case 'ExportDefaultDeclaration': {
        const { declaration } = statement
        if (isDeclaration(declaration)) {
          for (const name of declare(declaration, statement)) exportDeclared('default', declarations.get(name))
        } else exportDeclared('default', { name: declaration, commented: statement, value: declaration })
        break
      }
      default:
        declare(statement, statement)
    }
  }
  const namedExports = new Map(exports.flatMap((entry) => (entry.is === 'all' ? [] : [[entry.name, entry]])))
  return { file, tree, declarations, imports, exports, namedExports }
}

type StatementOf<Type extends Statement['type']> = Extract<Statement, { type: Type }>
type DefaultExport = StatementOf<'ExportDefaultDeclaration'>['declaration']

function isDeclaration(node: DefaultExport): node is Extract<DefaultExport, Statement> {
  return ['FunctionDeclaration', 'ClassDeclaration', 'TSDeclareFunction'].includes(node.type)
}

function* readImports({ source, specifiers }: StatementOf<'ImportDeclaration'>): Generator<[string, ImportedName]> {
  const specifier = source.value
  for (const clause of specifiers) {
    const local = clause.local.name
    if (clause.type === 'ImportDefaultSpecifier') yield [local, { specifier, name: 'default' }]
    else if (clause.type === 'ImportNamespaceSpecifier') yield [local, { specifier, name: '*' }]
    else yield [local, { specifier, name: nameOf(clause.imported) }]
  }
}

function readExports({ specifiers, source, exportKind }: StatementOf<'ExportNamedDeclaration'>): NamedExport[] {
  if (exportKind === 'type') return []
  return specifiers.flatMap((clause): NamedExport[] => {
    const name = nameOf(clause.exported)
    if (clause.type === 'ExportNamespaceSpecifier') {
      return [{ is: 'imported', name, imported: { specifier: source?.value ?? '', name: '*' } }]
    }
    if (clause.type !== 'ExportSpecifier' || clause.exportKind === 'type') return []
    // Text is what Babel finds here in `export { 'a b' as c } from`, though its types do not say so.
    const localName = nameOf(clause.local)
    return source
      ? [{ is: 'imported', name, imported: { specifier: source.value, name: localName } }]
      : [{ is: 'local', name, localName }]
  })
}

function nameOf(node: { readonly type: string; readonly name?: string; readonly value?: string }): string {
  return node.name ?? node.value ?? ''
}

function* readDeclarations(statement: Statement, commented: Statement): Generator<[string, Declaration]> {
  switch (statement.type) {
    case 'VariableDeclaration':
      for (const [index, variable] of statement.declarations.entries()) {
        yield* readBinding(variable.id, variable.init ?? undefined, index === 0 ? commented : variable)
      }
      break
    case 'TSEnumDeclaration':
      yield [statement.id.name, { name: statement.id, commented, value: statement }]
      break
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      yield [statement.id?.name ?? 'default', { name: statement.id ?? statement, commented }]
  }
}

type Binding = StatementOf<'VariableDeclaration'>['declarations'][number]['id']

function* readBinding(
  binding: Binding,
  init: Expression | undefined,
  commented: SyntaxNode,
): Generator<[string, Declaration]> {
  const value = init && { value: init }
  if (binding.type === 'Identifier') yield [binding.name, { name: binding, commented, ...value }]
  if (binding.type !== 'ObjectPattern') return
  for (const element of binding.properties) {
    if (element.type === 'RestElement') continue
    const local = element.value.type === 'AssignmentPattern' ? element.value.left : element.value
    if (local.type !== 'Identifier') continue
    const { key } = element
    const part = key.type === 'Identifier' || key.type === 'StringLiteral' ? { part: nameOf(key) } : undefined
    yield [local.name, { name: local, commented: element, ...(part && value), ...part }]
  }
}

function readSource(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // It was there when it was bundled: an editor is just replacing it.
    return ''
  }
}
