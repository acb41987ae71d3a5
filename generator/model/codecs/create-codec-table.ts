import type { JsonSchema } from '../json.js'
import type { Reporter } from '../reporter.js'
import type { CodecDraft } from './codec-draft.js'
import { type BundledPlan, type CodecPlan, listInnerPlans, type PlannedProperty } from './codec-plan.js'
import { findHolders } from './find-holders.js'
import { planIntersection } from './plan-intersection.js'
import { planUnion } from './plan-union.js'
import type { Planner } from './planner.js'

/** The codecs of a schema file, once every named type has been read. */
export interface CodecTable {
  /** Decides what a draft leaves open. Undefined where nothing is converted: then the value travels as it is. */
  plan(draft: CodecDraft | undefined): BundledPlan | undefined
}

/** Creates the table over the drafts and schemas of all named types, which may become more. Nothing is decided before it is asked for. */
export function createCodecTable(
  drafts: ReadonlyMap<string, CodecDraft>,
  schemas: ReadonlyMap<string, JsonSchema>,
  report: Reporter['report'],
): CodecTable {
  let holders: ReadonlySet<string> = new Set()
  let draftsKnown = 0
  const planned = new Map<string, CodecPlan | null>()
  const planner: Planner = { schemas, report, plan, follow: (draft) => followReferences(draft, drafts) }

  function plan(draft: CodecDraft | undefined): CodecPlan | null {
    if (draft === undefined) return null
    switch (draft.kind) {
      case 'map':
        return { kind: 'map', key: plan(draft.key), value: plan(draft.value) }
      case 'set':
        return { kind: 'set', item: plan(draft.item) }
      case 'array': {
        const item = plan(draft.item)
        return item && { kind: 'array', item }
      }
      case 'tuple': {
        const items = draft.items.map(plan)
        const rest = plan(draft.rest)
        return rest === null && items.every((item) => item === null) ? null : { kind: 'tuple', items, rest }
      }
      case 'object':
        return planObject(draft.properties)
      case 'record': {
        const value = plan(draft.value)
        return value && { kind: 'record', value }
      }
      case 'intersection':
        return planIntersection(draft, planner)
      case 'union':
        return planUnion(draft, planner)
      case 'reference':
        return planReference(draft)
      case 'own': {
        const { exportName, path } = draft.position
        return { kind: 'own', exportName, path, inner: plan(draft.inner) }
      }
      case 'misplaced':
        return refuseMisplaced(draft)
      default:
        return { kind: draft.kind }
    }
  }

  function planObject(drafts: readonly (readonly [string, CodecDraft])[]): CodecPlan | null {
    const properties = drafts.flatMap(([name, draft]): PlannedProperty[] => {
      const inner = plan(draft)
      return inner === null ? [] : [[name, inner]]
    })
    return properties.length === 0 ? null : { kind: 'object', properties }
  }

  function planReference(draft: Extract<CodecDraft, { kind: 'reference' }>): CodecPlan | null {
    if (!isHolder(draft.name)) return null
    const target = planner.follow(draft)
    // What is as short as the reference to it stands in its place.
    return target !== undefined && SHORT_KINDS.has(target.kind) ? plan(target) : { kind: 'reference', name: draft.name }
  }

  function isHolder(name: string): boolean {
    // A recursive type that stands inside a connection becomes a named type when that is read.
    if (drafts.size > draftsKnown) holders = findHolders(drafts)
    draftsKnown = drafts.size
    return holders.has(name)
  }

  function refuseMisplaced({ inner, position }: Extract<CodecDraft, { kind: 'misplaced' }>): null {
    if (plan(inner) === null) return null
    const finding = 'holds a codec, and stands where values are limited and none is converted'
    report('NG3031', position, finding, 'write the type that travels here, or declare a property for the value')
    return null
  }

  function planNamed(name: string): CodecPlan | null {
    const known = planned.get(name)
    if (known !== undefined) return known
    const found = plan(drafts.get(name))
    planned.set(name, found)
    return found
  }

  function collectNamed(plan: CodecPlan, named: Map<string, CodecPlan>): void {
    if (plan.kind === 'reference' && !named.has(plan.name)) {
      const target = planNamed(plan.name)
      if (target === null) return
      named.set(plan.name, target)
      collectNamed(target, named)
    }
    for (const inner of listInnerPlans(plan)) collectNamed(inner, named)
  }

  return {
    plan(draft) {
      const found = plan(draft)
      if (found === null) return undefined
      const named = new Map<string, CodecPlan>()
      collectNamed(found, named)
      return { plan: found, named }
    },
  }
}

const SHORT_KINDS: ReadonlySet<CodecDraft['kind']> = new Set(['date', 'bigint', 'bytes', 'url', 'own'])

function followReferences(
  draft: CodecDraft | undefined,
  drafts: ReadonlyMap<string, CodecDraft>,
): CodecDraft | undefined {
  const followed = new Set<string>()
  let current = draft
  while (current?.kind === 'reference') {
    // A type that is nothing but itself is reported elsewhere.
    if (followed.has(current.name)) return undefined
    followed.add(current.name)
    current = drafts.get(current.name)
  }
  return current
}
