import { createPathFollower, type PathKey, type Trail } from './follow-path.js'
import { createModuleGraph, type ModuleLink } from './module-graph.js'
import type { DeclarationOutline, ModuleOutline } from './outline.js'
import type { SourceFinding, SourceIndex } from './source-index.js'

/**
 * Creates the index of a schema file, whose imports lead where the links say. Purely syntactic: what a program computes is
 * followed as far as it shows in the text.
 *
 * @param file Absolute.
 * @param outlines Of the schema file, and of the files that the links lead to.
 */
export function createSourceIndex(
  file: string,
  links: readonly ModuleLink[],
  outlines: readonly ModuleOutline[],
): SourceIndex {
  const unpacked = new Map<string, DeclarationOutline>()
  const graph = createModuleGraph(links, outlines, (text) => {
    const outline = unpacked.get(text) ?? (JSON.parse(text) as DeclarationOutline)
    unpacked.set(text, outline)
    return outline
  })
  const follower = createPathFollower(graph)
  const main = graph.open(file)

  function find(exportName: string, path: readonly PathKey[]): SourceFinding {
    const meaning = graph.findExport(main, exportName)
    return meaning ? describe(follower.follow(meaning, path)) : { place: { file, line: 1, column: 1 } }
  }

  function isEnum(exportName: string, path: readonly PathKey[]): boolean {
    const meaning = graph.findExport(main, exportName)
    return meaning !== undefined && follower.leadsToEnum(meaning, path)
  }

  return { exportNames: graph.listExports(main), find, isEnum }
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
