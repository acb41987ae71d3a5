import { types } from 'node:util'
import { DECLARATION_KINDS } from '../loaded-schema.js'
import type { PackedExport } from '../packed-export.js'
import { nameTypeOf, readOwn } from './live-values.js'
import { createValuePacker, NestingError, quote, type ValuePacker } from './pack-value.js'
import { readTypeBoxMarks } from './typebox-marks.js'

/** The exports of a schema file, or the one that is nested too deeply. */
export type PackResult =
  | { readonly outcome: 'read'; readonly exports: readonly PackedExport[] }
  | { readonly outcome: 'nested-too-deeply'; readonly exportName: string }

/**
 * Packs every export of a schema file that has run. They come sorted by name, as a module namespace has them.
 *
 * Schemas are packed first, so that what several exports share belongs to one that is exported for it, and declarations refer
 * to that: so most texts depend on nothing but their export.
 *
 * @param known The texts that whoever asks has, by name: they are left out.
 */
export function packExports(module: Readonly<Record<string, unknown>>, known: ReadonlyMap<string, string>): PackResult {
  const names = Object.keys(module)
  const isSchema = new Set(names.filter((name) => isMarkedSchema(module[name])))
  const pack = createValuePacker(new Set(Object.values(module)))
  const texts = new Map<string, string>()
  for (const name of [...isSchema, ...names.filter((name) => !isSchema.has(name))]) {
    try {
      texts.set(name, packRoot(name, module[name], isSchema.has(name), pack))
    } catch (error) {
      if (error instanceof NestingError) return { outcome: 'nested-too-deeply', exportName: name }
      throw error
    }
  }
  const exports = names.map((name): PackedExport => {
    const text = texts.get(name) as string
    return known.get(name) === text ? { name } : { name, text }
  })
  return { outcome: 'read', exports }
}

function packRoot(name: string, live: unknown, isSchema: boolean, pack: ValuePacker): string {
  if (isSchema) return pack(name, live)
  const mark = isLegible(live) ? readOwn(live, '~netgen') : undefined
  const kind = DECLARATION_KINDS.find((known) => known === mark)
  if (kind === undefined) return `{"is":"other","type":${quote(nameTypeOf(live))}}`
  return `{"is":"${kind}","declaration":${pack(name, readOwn(live as object, 'declaration'))}}`
}

function isMarkedSchema(live: unknown): boolean {
  if (!isLegible(live) || Array.isArray(live)) return false
  const mark = readOwn(live, '~netgen')
  return !NO_SCHEMAS.some((known) => known === mark) && readTypeBoxMarks(live) !== undefined
}

/** What the vocabulary makes that is no schema, even where a function of TypeBox was put around it. */
const NO_SCHEMAS = [...DECLARATION_KINDS, 'stream'] as const

function isLegible(live: unknown): live is object {
  return typeof live === 'object' && live !== null && !types.isProxy(live)
}
