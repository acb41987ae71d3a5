import type { JsonSchema } from '../json.js'
import type { Reporter } from '../reporter.js'
import type { CodecDraft } from './codec-draft.js'
import type { CodecPlan } from './codec-plan.js'

/** What the rules for single kinds of drafts decide with. */
export interface Planner {
  /** The JSON Schemas of the named types. */
  readonly schemas: ReadonlyMap<string, JsonSchema>
  readonly report: Reporter['report']
  /** null where nothing is converted, and where a mistake was reported. */
  plan(draft: CodecDraft | undefined): CodecPlan | null
  /** What a draft stands for when its references, one leading to the next, are followed. */
  follow(draft: CodecDraft | undefined): CodecDraft | undefined
}
