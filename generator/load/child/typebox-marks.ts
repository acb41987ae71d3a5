import type { SchemaNode } from '../loaded-schema.js'

/** What TypeBox marked on a live object, read from either of its generations. */
export type TypeBoxMarks = Pick<SchemaNode, 'kind' | 'optional' | 'readonly' | 'marks'>

/**
 * Reads TypeBox's marks: string keys such as `~kind` in 1.x, symbols such as `TypeBox.Kind` in 0.34, which are found by
 * their description because every copy of that package has symbols of its own.
 *
 * Answers `undefined` for an object without any mark. Calls no getter.
 */
export function readTypeBoxMarks(object: object): TypeBoxMarks | undefined {
  const found = new Map<string, unknown>()
  for (const key of Reflect.ownKeys(object)) {
    const name = MARK_OF_KEY.get(typeof key === 'symbol' ? (key.description ?? '') : key)
    if (name) found.set(name, Object.getOwnPropertyDescriptor(object, key)?.value)
  }
  if (found.size === 0) return undefined
  const kind = found.get('kind')
  const unsafe = found.has('unsafe') || kind === 'Unsafe'
  return {
    kind: unsafe ? 'unsafe' : typeof kind === 'string' ? kind : 'none',
    optional: found.has('optional'),
    readonly: found.has('readonly'),
    marks: MARKS.filter((mark) => (mark === 'unsafe' ? unsafe : found.has(mark))),
  }
}

const MARKS = ['codec', 'refine', 'unsafe', 'immutable'] as const

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
])
