import { createPathFollower, type PathKey, type Trail } from './follow-path.js'
import { createModuleGraph, type Meaning, type ModuleLink } from './module-graph.js'
import type { ModuleOutline } from './outline.js'
import { createOutlineMemory } from './outline-memory.js'
import type { SourceFinding, SourceIndex, SourceUse } from './source-index.js'
import type { SourceModule, Unpack } from './source-module.js'

/**
 * Creates the index of a schema file, whose imports lead where the links say. Purely syntactic: what a program computes is
 * followed as far as it shows in the text.
 *
 * @param file Absolute.
 * @param outlines Of the schema file, and of the files that the links lead to.
 * @param unpack Default: one that knows nothing.
 */
export function createSourceIndex(
  file: string,
  links: readonly ModuleLink[],
  outlines: readonly ModuleOutline[],
  unpack: Unpack = createOutlineMemory().begin(),
): SourceIndex {
  const graph = createModuleGraph(links, outlines, unpack)
  const main = graph.open(file)
  let uses: Map<string, SourceUse> | undefined
  let last: Question | undefined

  function ask(as: SourceUse['as'], module: SourceModule, name: string): Meaning | undefined {
    // A reading asks a hundred times for the export that it is about.
    if (last?.as === as && last.module === module && last.name === name && last.uses === uses) return last.meaning
    const meaning = as === 'export' ? graph.findExport(module, name) : graph.findLocal(module, name)
    uses?.set(`${as} ${module.file} ${name}`, { as, file: module.file, name, found: identify(meaning) })
    last = { as, module, name, uses, meaning }
    return meaning
  }

  const follower = createPathFollower({
    ...graph,
    findExport: (module, name) => ask('export', module, name),
    findLocal: (module, name) => ask('local', module, name),
  })

  function find(exportName: string, path: readonly PathKey[]): SourceFinding {
    const meaning = ask('export', main, exportName)
    return meaning ? describe(follower.follow(meaning, path)) : { place: { file, line: 1, column: 1 } }
  }

  function isEnum(exportName: string, path: readonly PathKey[]): boolean {
    const meaning = ask('export', main, exportName)
    return meaning !== undefined && follower.leadsToEnum(meaning, path)
  }

  return {
    exportNames: graph.listExports(main),
    find,
    isEnum,
    record(act) {
      const recorded = new Map<string, SourceUse>()
      const around = uses
      uses = recorded
      try {
        return { result: act(), uses: recorded }
      } finally {
        uses = around
        for (const [key, use] of recorded) around?.set(key, use)
      }
    },
    areCurrent(recorded) {
      for (const { as, file: used, name, found } of recorded.values()) {
        const now = identify(ask(as, graph.open(used), name))
        if (now?.file !== found?.file || now?.outline !== found?.outline) return false
      }
      return true
    },
  }
}

/** Something that was asked, where that was recorded, and the answer. */
interface Question {
  readonly as: SourceUse['as']
  readonly module: SourceModule
  readonly name: string
  readonly uses: Map<string, SourceUse> | undefined
  readonly meaning: Meaning | undefined
}

function identify(meaning: Meaning | undefined): SourceUse['found'] {
  if (meaning === undefined) return undefined
  if (meaning.is === 'module') return { file: meaning.module.file, outline: undefined }
  const { module, outline } = meaning.declaration
  return { file: module.file, outline }
}

function describe({ spot: { module, start, at, documentation }, isComplete }: Trail): SourceFinding {
  return {
    // Most who ask for documentation do not ask where it stands.
    get place() {
      return { file: module.file, ...module.locate(start + at) }
    },
    ...(isComplete && documentation && { documentation }),
  }
}
