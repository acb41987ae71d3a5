import { type Declaration, type ImportedName, type ModuleSource, parseModule } from './module-source.js'

/** How one file names another that was bundled along with it. */
export interface ModuleLink {
  /** Absolute. */
  readonly importer: string
  readonly specifier: string
  /** Absolute. */
  readonly file: string
}

/** A declaration and the file that it stands in; or a whole file, which `import * as` makes one object of. */
export type Meaning =
  | { readonly is: 'declaration'; readonly module: ModuleSource; readonly declaration: Declaration }
  | { readonly is: 'module'; readonly module: ModuleSource }

/** The files behind a schema file. Each is parsed when it is first asked for. */
export interface ModuleGraph {
  /** Names of a module's exports, in the order of the source; those of `export *` where that stands. */
  listExports(module: ModuleSource): readonly string[]
  /** What an export means. `undefined` where it comes from a package, or is not there. */
  findExport(module: ModuleSource, name: string): Meaning | undefined
  /** What a name means inside a module. */
  findLocal(module: ModuleSource, name: string): Meaning | undefined
  open(file: string): ModuleSource
}

/** Creates a graph in which nothing is parsed yet. */
export function createModuleGraph(links: readonly ModuleLink[]): ModuleGraph {
  const modules = new Map<string, ModuleSource>()
  const targets = new Map(links.map(({ importer, specifier, file }) => [keyOf(importer, specifier), file]))

  function open(file: string): ModuleSource {
    const module = modules.get(file) ?? parseModule(file)
    modules.set(file, module)
    return module
  }

  function openImported(importer: ModuleSource, specifier: string): ModuleSource | undefined {
    const file = targets.get(keyOf(importer.file, specifier))
    return file === undefined ? undefined : open(file)
  }

  function listExports(module: ModuleSource, visited = new Set<ModuleSource>()): readonly string[] {
    if (visited.has(module)) return []
    visited.add(module)
    const names = module.exports.flatMap((entry) => {
      if (entry.is !== 'all') return [entry.name]
      const from = openImported(module, entry.specifier)
      return from ? listExports(from, visited).filter((name) => name !== 'default') : []
    })
    return [...new Set(names)]
  }

  function findExport(module: ModuleSource, name: string, asked = new Set<string>()): Meaning | undefined {
    const question = keyOf(module.file, name)
    if (asked.has(question)) return undefined
    asked.add(question)
    // A module's own exports hide those of its `export *`.
    const own = module.namedExports.get(name)
    if (own?.is === 'declared') return { is: 'declaration', module, declaration: own.declaration }
    if (own?.is === 'local') return findLocal(module, own.localName, asked)
    if (own?.is === 'imported') return findImported(module, own.imported, asked)
    for (const entry of module.exports) {
      const from = entry.is === 'all' ? openImported(module, entry.specifier) : undefined
      const found = from && findExport(from, name, asked)
      if (found) return found
    }
    return undefined
  }

  function findLocal(module: ModuleSource, name: string, asked?: Set<string>): Meaning | undefined {
    const declaration = module.declarations.get(name)
    if (declaration) return { is: 'declaration', module, declaration }
    const imported = module.imports.get(name)
    return imported && findImported(module, imported, asked)
  }

  function findImported(
    importer: ModuleSource,
    { specifier, name }: ImportedName,
    asked?: Set<string>,
  ): Meaning | undefined {
    const module = openImported(importer, specifier)
    if (!module) return undefined
    return name === '*' ? { is: 'module', module } : findExport(module, name, asked)
  }

  return {
    open,
    listExports: (module) => listExports(module),
    findExport: (module, name) => findExport(module, name),
    findLocal: (module, name) => findLocal(module, name),
  }
}

function keyOf(importer: string, specifier: string): string {
  return `${importer}\0${specifier}`
}
