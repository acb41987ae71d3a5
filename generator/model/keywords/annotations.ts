import { type KeywordRule, takeBoolean, takeJson, takeText } from './keyword-rule.js'

/** Keywords that every schema may carry: they say something to people, and check nothing. */
export const ANNOTATION_RULES: ReadonlyMap<string, KeywordRule> = new Map([
  ['title', takeText],
  ['description', takeText],
  ['$comment', takeText],
  ['default', takeJson],
  ['examples', takeJson],
  ['deprecated', takeBoolean],
  ['readOnly', takeBoolean],
  ['writeOnly', takeBoolean],
])

/** Keywords that name a schema for other schemas. The model has names of its own, so these are left out. */
export const DROPPED_KEYWORDS: ReadonlySet<string> = new Set(['$id', '$schema'])
