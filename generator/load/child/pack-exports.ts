import { createHash } from 'node:crypto'
import type { LoadedExport, LoadedValue, SchemaNode } from '../loaded-schema.js'
import type { PackedEntries, PackedExport, PackedReference, PackedRoot, PackedValue } from '../packed-export.js'

type Container = Exclude<LoadedValue, null | boolean | number | string>

/**
 * Packs what was read. Schemas come first, so that what several exports share belongs to one that is exported for it, and
 * declarations refer to that: so most texts depend on nothing but their export.
 *
 * @param known The digests that whoever asks has texts of, by name.
 */
export function packExports(exports: readonly LoadedExport[], known: ReadonlyMap<string, string>): PackedExport[] {
  const uses = countUses(exports)
  const owners = new Map<Container, PackedReference>()
  const texts = new Map<string, string>()
  for (const isSchema of [true, false]) {
    for (const { name, value } of exports) {
      if ((value.is === 'schema') === isSchema) texts.set(name, JSON.stringify(packRoot(name, value)))
    }
  }
  return exports.map(({ name }) => {
    const text = texts.get(name) ?? ''
    const digest = createHash('sha256').update(text).digest('base64url')
    return { name, digest, ...(known.get(name) !== digest && { text }) }
  })

  function packRoot(exportName: string, value: LoadedExport['value']): PackedRoot {
    let ids = 0
    if (value.is === 'other') return value
    if (value.is === 'schema') return pack(value)
    return { is: value.is, declaration: pack(value.declaration) }

    function pack(value: LoadedValue): PackedValue {
      if (typeof value !== 'object' || value === null) return value
      const owner = owners.get(value)
      if (owner !== undefined) return owner
      const isShared = (uses.get(value) ?? 0) > 1
      const id = ids
      if (isShared) {
        // Known before its parts are packed: a part may lead back here.
        owners.set(value, { is: 'reference', exportName, id })
        ids += 1
      }
      return packContainer(value, isShared ? id : undefined)
    }

    function packContainer(value: Container, id: number | undefined): PackedValue {
      if (!('is' in value)) {
        const items = value.map(pack)
        return id === undefined ? items : { is: 'list', id, items }
      }
      const own = id === undefined ? {} : { id }
      switch (value.is) {
        case 'foreign':
          return value
        case 'stream':
          return { is: 'stream', ...own, item: pack(value.item), isMarked: value.isMarked }
        case 'object':
          return { is: 'object', ...own, entries: packEntries(value.entries) }
        case 'schema':
          return {
            is: 'schema',
            ...own,
            kind: value.kind,
            ...(value.optional && { optional: true }),
            ...(value.readonly && { readonly: true }),
            ...(value.marks.length > 0 && { marks: value.marks }),
            ...(value.codec !== undefined && { codec: value.codec }),
            keywords: packEntries(value.keywords),
          }
      }
    }

    function packEntries(entries: ReadonlyMap<string, LoadedValue>): PackedEntries {
      const packed: Record<string, PackedValue> = {}
      for (const [name, value] of entries) {
        // Anything else would only set the prototype.
        if (name === '__proto__') Object.defineProperty(packed, name, { value: pack(value), enumerable: true })
        else packed[name] = pack(value)
      }
      return packed
    }
  }
}

/** How many places hold each object. Small schemas that are not exported themselves count once: each place gets its own. */
function countUses(exports: readonly LoadedExport[]): ReadonlyMap<Container, number> {
  const uses = new Map<Container, number>()
  const exported = new Set<unknown>(exports.map(({ value }) => value))
  for (const { value } of exports) {
    if ('declaration' in value) count(value.declaration)
    else if (value.is === 'schema') count(value)
  }
  return uses

  function count(value: LoadedValue): void {
    if (typeof value !== 'object' || value === null) return
    const before = uses.get(value) ?? 0
    if (before > 0 && 'is' in value && value.is === 'schema' && !exported.has(value) && isSmall(value)) return
    uses.set(value, before + 1)
    if (before > 0) return
    for (const part of listParts(value)) count(part)
  }
}

/** Whether a schema holds nothing that could be shared, and no codec, by which it would be known again. */
function isSmall({ keywords, codec }: SchemaNode): boolean {
  return codec === undefined && [...keywords.values()].every((value) => typeof value !== 'object' || value === null)
}

function listParts(value: Container): Iterable<LoadedValue> {
  if (!('is' in value)) return value
  if (value.is === 'schema') return value.keywords.values()
  if (value.is === 'object') return value.entries.values()
  return value.is === 'stream' ? [value.item] : []
}
