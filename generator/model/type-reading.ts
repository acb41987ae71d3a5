import type { CodecDraft } from './codecs/codec-draft.js'
import type { JsonSchema } from './json.js'
import type { TypeNode } from './type-node.js'

/** What becomes of a schema. */
export interface TypeReading {
  readonly type: TypeNode
  /** JSON Schema 2020-12. Definitions are referred to as `#/$defs/<name>`, and stand elsewhere. */
  readonly schema: JsonSchema
  /** Where a value may travel in another form; absent where it certainly does not. */
  readonly codec?: CodecDraft
}
