import type { ImportedName, ModuleOutline } from './outline.js'
import { createSourceModule, type Declaration, type SourceModule, type Unpack } from './source-module.js'

/** How one file names another that was bundled along with it. */
export interface ModuleLink {
  /** Absolute. */
  readonly importer: string
  readonly specifier: string
  /** Absolute. */
  readonly file: string
}

/** A declaration; or a whole file, which `import * as` makes one object of. */
export type Meaning =
  | { readonly is: 'declaration'; readonly declaration: Declaration }
  | { readonly is: 'module'; readonly module: SourceModule }

/** The files behind a schema file. */
export interface ModuleGraph {
  /** Names of a module's exports, in the order of the source; those of `export *` where that stands. */
  listExports(module: SourceModule): readonly string[]
  /** What an export means. `undefined` where it comes from a package, or is not there. */
  findExport(module: SourceModule, name: string): Meaning | undefined
  /** What a name means inside a module. */
  findLocal(module: SourceModule, name: string): Meaning | undefined
  /** The module of a file. A file that was not read counts as empty. */
  open(file: string): SourceModule
}

/** Creates the graph of files that were read. */
export function createModuleGraph(
  links: readonly ModuleLink[],
  outlines: readonly ModuleOutline[],
  unpack: Unpack,
): ModuleGraph {
  const modules = new Map(outlines.map((outline) => [outline.file, createSourceModule(outline, unpack)]))
  const targets = new Map(links.map(({ importer, specifier, file }) => [keyOf(importer, specifier), file]))

  function open(file: string): SourceModule {
    const module = modules.get(file) ?? createSourceModule(createEmptyOutline(file), unpack)
    modules.set(file, module)
    return module
  }

  function openImported(importer: SourceModule, specifier: string): SourceModule | undefined {
    const file = targets.get(keyOf(importer.file, specifier))
    return file === undefined ? undefined : open(file)
  }

  function listExports(module: SourceModule, visited = new Set<SourceModule>()): readonly string[] {
    if (visited.has(module)) return []
    visited.add(module)
    const names = module.exports.flatMap((entry) => {
      if (entry.is !== 'all') return [entry.name]
      const from = openImported(module, entry.specifier)
      return from ? listExports(from, visited).filter((name) => name !== 'default') : []
    })
    return [...new Set(names)]
  }

  function findExport(module: SourceModule, name: string, asked = new Set<string>()): Meaning | undefined {
    const question = keyOf(module.file, name)
    if (asked.has(question)) return undefined
    asked.add(question)
    // A module's own exports hide those of its `export *`.
    const own = module.namedExports.get(name)
    if (own?.is === 'declared') return { is: 'declaration', declaration: module.getDeclaration(own.declaration) }
    if (own?.is === 'local') return findLocal(module, own.localName, asked)
    if (own?.is === 'imported') return findImported(module, own.imported, asked)
    for (const entry of module.exports) {
      const from = entry.is === 'all' ? openImported(module, entry.specifier) : undefined
      const found = from && findExport(from, name, asked)
      if (found) return found
    }
    return undefined
  }

  function findLocal(module: SourceModule, name: string, asked?: Set<string>): Meaning | undefined {
    const declaration = module.findDeclaration(name)
    if (declaration) return { is: 'declaration', declaration }
    const imported = module.imports.get(name)
    return imported && findImported(module, imported, asked)
  }

  function findImported(
    importer: SourceModule,
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

function createEmptyOutline(file: string): ModuleOutline {
  return { file, lineStarts: [0], declarations: [], imports: new Map(), exports: [] }
}

function keyOf(importer: string, specifier: string): string {
  return `${importer}\0${specifier}`
}
