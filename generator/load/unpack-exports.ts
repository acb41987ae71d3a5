import type { LoadedExport, LoadedValue } from './loaded-schema.js'
import type {
  PackedEntries,
  PackedExport,
  PackedReference,
  PackedRoot,
  PackedSchema,
  PackedValue,
} from './packed-export.js'

/** What a schema file exported in its last run. */
export interface ExportMemory {
  /** The digests of the texts that are known, by name: what need not be sent again. */
  listDigests(): ReadonlyMap<string, string>
  /**
   * Makes loaded values of what the child process sent, in its order. An export whose text is known, and that shares nothing
   * with one that changed, keeps its object.
   */
  unpack(packed: readonly PackedExport[]): readonly LoadedExport[]
}

interface Unpacked {
  readonly digest: string
  readonly text: string
  readonly loaded: LoadedExport
  /** The objects in it that have numbers. */
  readonly shared: ReadonlyMap<number, LoadedValue>
  /** What it refers to in other exports. */
  readonly references: readonly (readonly [PackedReference, LoadedValue])[]
}

/** Creates a memory of nothing. */
export function createExportMemory(): ExportMemory {
  let known: ReadonlyMap<string, Unpacked> = new Map()
  return {
    listDigests: () => new Map(Array.from(known, ([name, { digest }]) => [name, digest])),
    unpack: (packed) => {
      known = unpackAll(packed, known)
      return packed.map(({ name }) => (known.get(name) as Unpacked).loaded)
    },
  }
}

function unpackAll(packed: readonly PackedExport[], before: ReadonlyMap<string, Unpacked>): Map<string, Unpacked> {
  const byName = new Map(packed.map((entry) => [entry.name, entry]))
  const done = new Map<string, Unpacked>()

  // An export refers only to what was packed before it, so this comes to an end.
  function open(name: string): Unpacked {
    const found = done.get(name) ?? refresh(byName.get(name) as PackedExport)
    done.set(name, found)
    return found
  }

  function resolve({ exportName, id }: PackedReference): LoadedValue {
    return open(exportName).shared.get(id) as LoadedValue
  }

  function refresh({ name, digest, text }: PackedExport): Unpacked {
    const last = before.get(name)
    if (last?.digest !== digest) return unpackExport(name, digest, text as string, resolve)
    const isSame = last.references.every(
      ([reference, value]) => byName.has(reference.exportName) && resolve(reference) === value,
    )
    return isSame ? last : unpackExport(name, digest, last.text, resolve)
  }

  for (const { name } of packed) open(name)
  return done
}

function unpackExport(
  name: string,
  digest: string,
  text: string,
  resolve: (reference: PackedReference) => LoadedValue,
): Unpacked {
  const shared = new Map<number, LoadedValue>()
  const references: [PackedReference, LoadedValue][] = []

  function unpack(value: PackedValue): LoadedValue {
    if (typeof value !== 'object' || value === null) return value
    if (!('is' in value)) return value.map(unpack)
    switch (value.is) {
      case 'foreign':
        return value
      case 'reference':
        return value.exportName === name ? (shared.get(value.id) as LoadedValue) : follow(value)
      case 'list': {
        const items: LoadedValue[] = []
        shared.set(value.id, items)
        for (const item of value.items) items.push(unpack(item))
        return items
      }
      case 'stream': {
        const stream = { is: 'stream' as const, item: null as LoadedValue, isMarked: value.isMarked }
        share(value.id, stream)
        stream.item = unpack(value.item)
        return stream
      }
      case 'object': {
        const entries = new Map<string, LoadedValue>()
        const object = { is: 'object' as const, entries }
        share(value.id, object)
        unpackEntries(value.entries, entries)
        return object
      }
      case 'schema':
        return unpackSchema(value)
    }
  }

  function unpackSchema({ id, kind, codec, optional, readonly, marks = [], keywords }: PackedSchema): LoadedValue {
    const entries = new Map<string, LoadedValue>()
    const schema = {
      is: 'schema' as const,
      kind,
      optional: optional === true,
      readonly: readonly === true,
      marks,
      ...(codec !== undefined && { codec }),
      keywords: entries,
    }
    share(id, schema)
    unpackEntries(keywords, entries)
    return schema
  }

  function unpackEntries(packed: PackedEntries, entries: Map<string, LoadedValue>): void {
    for (const key of Object.keys(packed)) entries.set(key, unpack(packed[key] as PackedValue))
  }

  // Before its parts are unpacked: a part may lead back to it.
  function share(id: number | undefined, value: LoadedValue): void {
    if (id !== undefined) shared.set(id, value)
  }

  function follow(reference: PackedReference): LoadedValue {
    const value = resolve(reference)
    references.push([reference, value])
    return value
  }

  const root = JSON.parse(text) as PackedRoot
  const loaded = { name, value: unpackRoot(root) } as LoadedExport
  return { digest, text, loaded, shared, references }

  function unpackRoot(packed: PackedRoot): unknown {
    const isNode = typeof packed === 'object' && packed !== null && 'is' in packed
    if (isNode && 'declaration' in packed) return { is: packed.is, declaration: unpack(packed.declaration) }
    return isNode && packed.is === 'other' ? packed : unpack(packed as PackedValue)
  }
}
