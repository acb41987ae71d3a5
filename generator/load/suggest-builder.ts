import { findNearest } from '../diagnostics/find-nearest.js'

/** What makes the schemas that a connection can have, of `Type`. A test holds it against TypeBox. */
export const BUILDERS: readonly string[] = [
  'Any',
  'Array',
  'Boolean',
  'Codec',
  'Cyclic',
  'Enum',
  'Evaluate',
  'Exclude',
  'Extract',
  'Index',
  'Integer',
  'Intersect',
  'KeyOf',
  'Literal',
  'Mapped',
  'Module',
  'Null',
  'Number',
  'Object',
  'Omit',
  'Optional',
  'Partial',
  'Pick',
  'Readonly',
  'Record',
  'Ref',
  'Required',
  'String',
  'TemplateLiteral',
  'Tuple',
  'Union',
  'Unknown',
  'Unsafe',
]

/** What other versions of TypeBox have, or people look for there. */
const CODECS: ReadonlyMap<string, string> = new Map([
  ['Date', 'date()'],
  ['Uint8Array', 'bytes()'],
  ['Buffer', 'bytes()'],
  ['URL', 'url()'],
  ['Map', 'map()'],
  ['Set', 'set()'],
])

/** What to write instead of a function that `Type` does not have; undefined where nothing of it is near. */
export function suggestBuilder(name: string): string | undefined {
  const codec = CODECS.get(name)
  if (codec !== undefined) return `use ${codec} of netgen/schema`
  const nearest = findNearest(name, BUILDERS)
  return nearest === undefined ? undefined : `did you mean Type.${nearest}?`
}
