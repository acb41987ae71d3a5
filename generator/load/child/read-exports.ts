import { types } from 'node:util'
import { DECLARATION_KINDS, type LoadedExport } from '../loaded-schema.js'
import { createValueReader, NestingError, nameTypeOf, readOwn, type ValueReader } from './read-value.js'
import { readTypeBoxMarks } from './typebox-marks.js'

/** The exports of a schema file, or the one that is nested too deeply. */
export type ExportsResult =
  | { readonly outcome: 'read'; readonly exports: readonly LoadedExport[] }
  | { readonly outcome: 'nested-too-deeply'; readonly exportName: string }

/** Reads every export of a schema file that has run. The names come sorted, as a module namespace has them. */
export function readExports(module: Readonly<Record<string, unknown>>): ExportsResult {
  const read = createValueReader()
  const exports: LoadedExport[] = []
  for (const name of Object.keys(module)) {
    try {
      exports.push({ name, value: readExport(module[name], read) })
    } catch (error) {
      if (error instanceof NestingError) return { outcome: 'nested-too-deeply', exportName: name }
      throw error
    }
  }
  return { outcome: 'read', exports }
}

function readExport(live: unknown, read: ValueReader): LoadedExport['value'] {
  if (typeof live === 'object' && live !== null && !types.isProxy(live)) {
    const mark = readOwn(live, '~netgen')
    const kind = DECLARATION_KINDS.find((known) => known === mark)
    if (kind !== undefined) return { is: kind, declaration: read(readOwn(live, 'declaration')) }
    const value = readTypeBoxMarks(live) && read(live)
    if (typeof value === 'object' && value !== null && 'is' in value && value.is === 'schema') return value
  }
  return { is: 'other', type: nameTypeOf(live) }
}
