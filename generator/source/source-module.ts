import type {
  DeclarationOutline,
  ExportStatement,
  ImportedName,
  ModuleOutline,
  NamedExport,
  PackedDeclaration,
} from './outline.js'

/** One source file, as paths are followed in it. */
export interface SourceModule {
  /** Absolute. */
  readonly file: string
  /** By local name. */
  readonly imports: ReadonlyMap<string, ImportedName>
  readonly exports: readonly ExportStatement[]
  /** The same by name, without those that name a whole file. */
  readonly namedExports: ReadonlyMap<string, NamedExport>
  findDeclaration(name: string): Declaration | undefined
  /** The declaration of a number. */
  getDeclaration(index: number): Declaration
  /** Lines and columns count from 1. */
  locate(offset: number): { readonly line: number; readonly column: number }
}

/** A declaration, where it stands. */
export interface Declaration {
  readonly module: SourceModule
  /** What its places count from. */
  readonly start: number
  readonly outline: DeclarationOutline
}

/** Unpacks declarations when they are first asked for. Equal texts are one object. */
export type Unpack = (text: string) => DeclarationOutline

/** Makes a module of its outline. */
export function createSourceModule(outline: ModuleOutline, unpack: Unpack): SourceModule {
  const { file, imports, exports, lineStarts, declarations } = outline
  const byName = new Map(declarations.flatMap((packed) => (packed.name === undefined ? [] : [[packed.name, packed]])))
  const module: SourceModule = {
    file,
    imports,
    exports,
    namedExports: new Map(exports.flatMap((entry) => (entry.is === 'all' ? [] : [[entry.name, entry]]))),
    findDeclaration: (name) => {
      const packed = byName.get(name)
      return packed && open(packed)
    },
    getDeclaration: (index) => open(declarations[index] as PackedDeclaration),
    locate: (offset) => {
      const line = countLines(lineStarts, offset)
      return { line, column: offset - (lineStarts[line - 1] ?? 0) + 1 }
    },
  }

  function open({ start, text }: PackedDeclaration): Declaration {
    return { module, start, outline: unpack(text) }
  }

  return module
}

/** How many lines begin at or before an offset. */
function countLines(lineStarts: readonly number[], offset: number): number {
  let low = 0
  let high = lineStarts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((lineStarts[middle] ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return low
}
