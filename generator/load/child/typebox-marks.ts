import type { SchemaMark, SchemaNode } from '../loaded-schema.js'

/** What TypeBox marked on a live object, read from either of its generations. */
export interface TypeBoxMarks extends Pick<SchemaNode, 'kind' | 'optional' | 'readonly' | 'marks'> {
  /** The live codec's decoding function, which all copies of a schema share. */
  readonly liveCodec?: object
}

/**
 * Reads TypeBox's marks: string keys such as `~kind` in 1.x, symbols such as `TypeBox.Kind` in 0.34, which are found by
 * their description because every copy of that package has symbols of its own.
 *
 * Answers `undefined` for an object without any mark. Calls no getter.
 *
 * @param keys All of the object's own.
 */
export function readTypeBoxMarks(
  object: object,
  keys: readonly (string | symbol)[] = Reflect.ownKeys(object),
): TypeBoxMarks | undefined {
  let marks: Map<string, unknown> | undefined
  for (const key of keys) {
    // Nearly all keys are keywords.
    if (typeof key === 'string' && !key.startsWith('~')) continue
    const name = MARK_OF_KEY.get(typeof key === 'symbol' ? (key.description ?? '') : key)
    if (name === undefined) continue
    marks ??= new Map()
    marks.set(name, Object.getOwnPropertyDescriptor(object, key)?.value)
  }
  return marks && describeMarks(object, marks)
}

function describeMarks(object: object, found: Map<string, unknown>): TypeBoxMarks {
  const kind = found.get('kind')
  // As most have it.
  if (found.size === 1 && typeof kind === 'string' && kind !== 'Unsafe' && !PATTERN_KINDS.has(kind)) {
    return { kind, optional: false, readonly: false, marks: NO_MARKS }
  }
  if (kind === 'Unsafe') found.set('unsafe', null)
  if (found.get('hint') === 'Recursive') found.set('recursive', true)
  if (found.get('hint') === 'Enum') found.set('enum', true)
  if (PATTERN_KINDS.has(kind) && !Object.hasOwn(object, '~kind')) found.set('escaped', true)
  return {
    kind: readKind(kind, found.has('unsafe')),
    optional: found.has('optional'),
    readonly: found.has('readonly'),
    marks: MARKS.filter((mark) => found.has(mark)),
    ...readLiveCodec(found.get('codec')),
  }
}

// 0.34 copies the codec itself where it copies a schema.
function readLiveCodec(codec: unknown): { liveCodec?: object } {
  if (typeof codec !== 'object' || codec === null) return {}
  const decode: unknown =
    Object.getOwnPropertyDescriptor(codec, 'decode')?.value ?? Object.getOwnPropertyDescriptor(codec, 'Decode')?.value
  return typeof decode === 'function' ? { liveCodec: decode } : { liveCodec: codec }
}

// `Type.Unsafe` leaves the kind of a schema that it is given.
function readKind(kind: unknown, isUnsafe: boolean): SchemaNode['kind'] {
  if (typeof kind === 'string' && kind !== 'Unsafe') return kind
  return isUnsafe ? 'unsafe' : 'none'
}

const NO_MARKS: readonly SchemaMark[] = []

const MARKS: readonly SchemaMark[] = ['codec', 'refine', 'unsafe', 'immutable', 'recursive', 'enum', 'escaped']

/** Kinds that hold the pattern of a template. */
const PATTERN_KINDS: ReadonlySet<unknown> = new Set(['TemplateLiteral', 'Record'])

const MARK_OF_KEY: ReadonlyMap<string, string> = new Map([
  ['~kind', 'kind'],
  ['~optional', 'optional'],
  ['~readonly', 'readonly'],
  ['~codec', 'codec'],
  ['~refine', 'refine'],
  ['~unsafe', 'unsafe'],
  ['~immutable', 'immutable'],
  ['TypeBox.Kind', 'kind'],
  ['TypeBox.Optional', 'optional'],
  ['TypeBox.Readonly', 'readonly'],
  ['TypeBox.Transform', 'codec'],
  ['TypeBox.Hint', 'hint'],
])
