import type { LoadedExport, LoadedValue, SchemaMark } from './loaded-schema.js'
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
  /** The texts that are known, by name: what need not be sent again. The same object until the next unpacking. */
  readonly texts: ReadonlyMap<string, string>
  /**
   * Makes loaded values of what the child process sent, in its order. An export whose text is known, and that shares nothing
   * with one that changed, keeps its object.
   */
  unpack(packed: readonly PackedExport[]): readonly LoadedExport[]
}

interface Unpacked {
  readonly text: string
  readonly loaded: LoadedExport
  /** What has a number in it, by that. */
  readonly numbered: readonly LoadedValue[]
  /** What it refers to in other exports. */
  readonly references: readonly (readonly [PackedReference, LoadedValue])[]
}

/** Creates a memory of nothing. */
export function createExportMemory(): ExportMemory {
  let known: ReadonlyMap<string, Unpacked> = new Map()
  let texts: ReadonlyMap<string, string> = new Map()
  return {
    get texts() {
      return texts
    },
    unpack: (packed) => {
      known = unpackAll(packed, known)
      texts = new Map(Array.from(known, ([name, { text }]) => [name, text]))
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

  function resolve({ exportName, number }: PackedReference): LoadedValue {
    return open(exportName).numbered[number] as LoadedValue
  }

  function refresh({ name, text }: PackedExport): Unpacked {
    const last = before.get(name)
    if (last === undefined || (text !== undefined && text !== last.text))
      return unpackExport(name, text as string, resolve)
    const isSame = last.references.every(
      ([reference, value]) => byName.has(reference.exportName) && resolve(reference) === value,
    )
    return isSame ? last : unpackExport(name, last.text, resolve)
  }

  for (const { name } of packed) open(name)
  return done
}

const NO_MARKS: readonly SchemaMark[] = []

function unpackExport(name: string, text: string, resolve: (reference: PackedReference) => LoadedValue): Unpacked {
  const numbered: LoadedValue[] = []
  const references: [PackedReference, LoadedValue][] = []

  function unpack(value: PackedValue): LoadedValue {
    if (typeof value !== 'object' || value === null) return value
    if (!('is' in value)) {
      const items: LoadedValue[] = []
      numbered.push(items)
      for (const item of value) items.push(unpack(item))
      return items
    }
    switch (value.is) {
      case 'foreign':
        return value
      case 'reference':
        return value.exportName === name ? (numbered[value.number] as LoadedValue) : follow(value)
      case 'stream': {
        const stream = { is: 'stream' as const, item: null as LoadedValue, isMarked: value.isMarked }
        numbered.push(stream)
        stream.item = unpack(value.item)
        return stream
      }
      case 'object': {
        const entries = new Map<string, LoadedValue>()
        const object = { is: 'object' as const, entries }
        numbered.push(object)
        unpackEntries(value.entries, entries)
        return object
      }
      case 'schema':
        return unpackSchema(value)
    }
  }

  function unpackSchema({ kind, codec, optional, readonly, marks = NO_MARKS, keywords }: PackedSchema): LoadedValue {
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
    numbered.push(schema)
    unpackEntries(keywords, entries)
    return schema
  }

  function unpackEntries(packed: PackedEntries, entries: Map<string, LoadedValue>): void {
    for (const key of Object.keys(packed)) entries.set(key, unpack(packed[key] as PackedValue))
  }

  function follow(reference: PackedReference): LoadedValue {
    const value = resolve(reference)
    references.push([reference, value])
    return value
  }

  const root = JSON.parse(text) as PackedRoot
  const loaded = { name, value: unpackRoot(root) } as LoadedExport
  return { text, loaded, numbered, references }

  function unpackRoot(packed: PackedRoot): unknown {
    const isNode = typeof packed === 'object' && packed !== null && 'is' in packed
    if (isNode && 'declaration' in packed) return { is: packed.is, declaration: unpack(packed.declaration) }
    return isNode && packed.is === 'other' ? packed : unpack(packed as PackedValue)
  }
}
