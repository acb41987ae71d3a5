import type { JsonSchema } from '../json.js'
import type { Position } from '../position.js'
import type { ScalarCodecName } from './codec-plan.js'

/**
 * Where in a value the travelling form and the application's may differ, as one schema shows it: what references lead to is
 * not known yet, so nothing is decided. Places without a draft travel as they are.
 */
export type CodecDraft =
  | { readonly kind: ScalarCodecName }
  | { readonly kind: 'map'; readonly key: CodecDraft | undefined; readonly value: CodecDraft | undefined }
  | { readonly kind: 'set'; readonly item: CodecDraft | undefined }
  | { readonly kind: 'array'; readonly item: CodecDraft }
  | {
      readonly kind: 'tuple'
      readonly items: readonly (CodecDraft | undefined)[]
      readonly rest: CodecDraft | undefined
    }
  | { readonly kind: 'object'; readonly properties: readonly (readonly [name: string, draft: CodecDraft])[] }
  | { readonly kind: 'record'; readonly value: CodecDraft }
  | { readonly kind: 'intersection'; readonly parts: readonly CodecDraft[]; readonly position: Position }
  | { readonly kind: 'union'; readonly arms: readonly DraftArm[]; readonly position: Position }
  | { readonly kind: 'reference'; readonly name: string }
  /** A user's codec: the live schema that holds it is found at the position. */
  | { readonly kind: 'own'; readonly inner: CodecDraft | undefined; readonly position: Position }
  /** A place that only limits values, so that nothing could be converted there. */
  | { readonly kind: 'misplaced'; readonly inner: CodecDraft; readonly position: Position }

/** One type of a union, with the schema that tells it from the others. */
export interface DraftArm {
  readonly draft: CodecDraft | undefined
  readonly schema: JsonSchema
}

/** A draft for a part that only limits values, which may hold no codec. */
export function draftMisplaced(inner: CodecDraft | undefined, position: Position): CodecDraft[] {
  return inner === undefined ? [] : [{ kind: 'misplaced', inner, position }]
}

/** One draft of several for one value. */
export function joinDrafts(parts: readonly CodecDraft[], position: Position): { codec?: CodecDraft } {
  const [only] = parts
  if (only === undefined) return {}
  return { codec: parts.length === 1 ? only : { kind: 'intersection', parts, position } }
}
