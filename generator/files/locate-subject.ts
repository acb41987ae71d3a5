import type { SourcePlace } from '../diagnostics/diagnostic.js'
import type { SchemaModel } from '../model/model.js'
import type { SourceIndex } from '../source/source-index.js'
import type { Subject } from '../text/module-symbol.js'

/**
 * Creates what finds the things of a schema in its source. Types that no export is named like are not found.
 *
 * @param file The schema file, absolute.
 */
export function createLocator(
  file: string,
  { connections }: SchemaModel,
  index: SourceIndex,
): (subject: Subject) => SourcePlace | undefined {
  const exported = new Set(index.exportNames)
  const find = (exportName: string, ...path: string[]): SourcePlace | undefined =>
    exported.has(exportName) ? index.find(exportName, path).place : undefined
  return (subject) => {
    if (subject.is === 'schema') return { file, line: 1, column: 1 }
    if (subject.is === 'export') return find(subject.name)
    if (subject.is === 'member') return find(subject.of, 'properties', subject.name)
    const declaring = connections.find(({ errors }) => errors.some(({ name }) => name === subject.name))
    return declaring && find(declaring.name, 'errors', subject.name)
  }
}
