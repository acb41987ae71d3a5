import { readFileSync } from 'node:fs'
import { createSourceIndex } from '../../../generator/source/create-source-index.js'
import type { ModuleLink } from '../../../generator/source/module-graph.js'
import { readModule } from '../../../generator/source/read-module.js'
import type { SourceIndex } from '../../../generator/source/source-index.js'
import { loadTypeScript } from '../../../generator/source/typescript.js'

const { ts } = loadTypeScript()

/** Indexes a schema file and the files that the links lead to. */
export function indexSource(file: string, links: readonly ModuleLink[] = []): SourceIndex {
  const files = new Set([file, ...links.map((link) => link.file)])
  const outlines = [...files].map((path) => readModule(ts, path, readFileSync(path, 'utf8')))
  return createSourceIndex(file, links, outlines)
}
