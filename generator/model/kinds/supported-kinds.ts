import { ARRAY } from './arrays.js'
import { DEPENDENT } from './dependents.js'
import { INTERSECT } from './intersections.js'
import type { KindRule } from './kind-rule.js'
import { ENUM, LITERAL } from './literals.js'
import { NETGEN_CODECS } from './netgen-codecs.js'
import { OBJECT } from './objects.js'
import { RECORD } from './records.js'
import { CYCLIC, REF, THIS } from './recursion.js'
import { ANY, BOOLEAN, INTEGER, NEVER, NULL, NUMBER, STRING, UNKNOWN } from './scalars.js'
import { TEMPLATE_LITERAL } from './template-literals.js'
import { TUPLE } from './tuples.js'
import { UNION } from './unions.js'
import { UNSAFE } from './unsafe.js'

/** The kinds of schema that are supported, by TypeBox's names. To add one is to add a line. */
export const SUPPORTED_KINDS: ReadonlyMap<string, KindRule> = new Map([
  ['Any', ANY],
  ['Unknown', UNKNOWN],
  ['Never', NEVER],
  ['Null', NULL],
  ['Boolean', BOOLEAN],
  ['Number', NUMBER],
  ['Integer', INTEGER],
  ['String', STRING],
  ['TemplateLiteral', TEMPLATE_LITERAL],
  ['Literal', LITERAL],
  ['Enum', ENUM],
  ['Array', ARRAY],
  ['Tuple', TUPLE],
  ['Object', OBJECT],
  ['Record', RECORD],
  ['Union', UNION],
  ['Intersect', INTERSECT],
  ['Dependent', DEPENDENT],
  ['Cyclic', CYCLIC],
  // 0.34's name for what 1.x calls Cyclic.
  ['Import', CYCLIC],
  ['Ref', REF],
  ['This', THIS],
  ['unsafe', UNSAFE],
  ...NETGEN_CODECS,
])

/** The kinds that `Type.Immutable` makes readonly. TypeBox lets it stand on others too, where it means nothing. */
export const IMMUTABLE_KINDS: ReadonlySet<string> = new Set(['Array', 'Tuple'])
