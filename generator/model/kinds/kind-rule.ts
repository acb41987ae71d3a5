import type { SchemaNode } from '../../load/loaded-schema.js'
import type { KeywordRule } from '../keywords/keyword-rule.js'
import type { Position } from '../position.js'
import type { TypeReader } from '../type-reader.js'
import type { TypeReading } from '../type-reading.js'

/** What becomes of one kind of TypeBox schema. */
export interface KindRule {
  /** Keywords that limit the values and change no type: each is checked and taken over. */
  readonly limits?: Readonly<Record<string, KeywordRule>>
  /** Keywords that `read` itself looks after. `type` always is one. */
  readonly structure?: readonly string[]
  /** Reads a schema of this kind. Answers undefined where it reported a mistake. */
  read(node: SchemaNode, position: Position, reader: TypeReader): TypeReading | undefined
}
