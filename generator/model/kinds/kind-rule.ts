import type { SchemaNode } from '../../load/loaded-schema.js'
import type { JsonSchema } from '../json.js'
import type { KeywordRule } from '../keywords/keyword-rule.js'
import type { Position } from '../position.js'
import type { TypeNode } from '../type-node.js'
import type { TypeReader } from '../type-reader.js'

/** What becomes of a schema. */
export interface TypeReading {
  readonly type: TypeNode
  /** JSON Schema 2020-12. Definitions are referred to as `#/$defs/<name>`, and stand elsewhere. */
  readonly schema: JsonSchema
}

/** What becomes of one kind of TypeBox schema. */
export interface KindRule {
  /** Keywords that limit the values and change no type: each is checked and taken over. */
  readonly limits?: Readonly<Record<string, KeywordRule>>
  /** Keywords that `read` itself looks after. `type` always is one. */
  readonly structure?: readonly string[]
  /** Reads a schema of this kind. Answers undefined where it reported a mistake. */
  read(node: SchemaNode, position: Position, reader: TypeReader): TypeReading | undefined
}
