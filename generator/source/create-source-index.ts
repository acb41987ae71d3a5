import { createPathFollower, type PathKey, type Trail } from './follow-path.js'
import { createModuleGraph, type ModuleLink } from './module-graph.js'
import { readDocumentation } from './read-documentation.js'
import type { SourceFinding, SourceIndex } from './source-index.js'

/**
 * Creates the index of a schema file, whose imports lead where the links say. Purely syntactic: what a program computes is
 * followed as far as it shows in the text.
 *
 * @param file Absolute.
 */
export function createSourceIndex(file: string, links: readonly ModuleLink[]): SourceIndex {
  const graph = createModuleGraph(links)
  const follower = createPathFollower(graph)
  const main = graph.open(file)

  function find(exportName: string, path: readonly PathKey[]): SourceFinding {
    const meaning = graph.findExport(main, exportName)
    if (!meaning) return { place: { file, line: 1, column: 1 } }
    return describe(follower.follow(meaning, path))
  }

  function isEnum(exportName: string, path: readonly PathKey[]): boolean {
    const meaning = graph.findExport(main, exportName)
    return meaning !== undefined && follower.leadsToEnum(meaning, path)
  }

  return { exportNames: graph.listExports(main), find, isEnum }
}

function describe({ spot, isComplete }: Trail): SourceFinding {
  const { tree, file } = spot.module
  const { line, character } = tree.getLineAndCharacterOfPosition(spot.name.getStart(tree))
  const place = { file, line: line + 1, column: character + 1 }
  const documentation = isComplete && spot.commented ? readDocumentation(tree, spot.commented) : undefined
  return documentation ? { place, documentation } : { place }
}
