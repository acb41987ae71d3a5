import type { CodecDraft } from './codec-draft.js'
import type { CodecPlan, PlannedProperty } from './codec-plan.js'
import type { Planner } from './planner.js'

/**
 * Plans a value that is of several types at once. Each type converts properties of its own; where two name the same one, they
 * have to do the same.
 */
export function planIntersection(
  { parts, position }: Extract<CodecDraft, { kind: 'intersection' }>,
  planner: Planner,
): CodecPlan | null {
  const plans = parts.flatMap((part) => spreadPart(part, planner))
  const properties = new Map<string, CodecPlan>()
  const others: CodecPlan[] = []
  const taken = new Set<string>()
  for (const plan of plans) {
    const names = listNames(plan, planner)
    const clash = names?.find((name) => taken.has(name) && !isKnown(plan, name, properties))
    if (names === undefined || clash !== undefined) {
      const what = clash === undefined ? 'at a place that has no name' : `at ${JSON.stringify(clash)} in two ways`
      const remedy = 'write all properties in one Type.Object, or each codec in one part only'
      planner.report('NG3030', position, `is an intersection with a codec ${what}`, remedy)
      return null
    }
    for (const name of names) taken.add(name)
    if (plan.kind === 'object') for (const [name, inner] of plan.properties) properties.set(name, inner)
    else others.push(plan)
  }
  const merged: CodecPlan[] = properties.size === 0 ? [] : [{ kind: 'object', properties: [...properties] }]
  const all = [...merged, ...others]
  const [only] = all
  if (only === undefined) return null
  return all.length === 1 ? only : { kind: 'intersection', parts: all }
}

/** The plans of a part, of which each has names of its own: references to objects become the objects. */
function spreadPart(part: CodecDraft, planner: Planner): CodecPlan[] {
  const target = planner.follow(part)
  const plan = planner.plan(target !== undefined && SPREAD_KINDS.has(target.kind) ? target : part)
  if (plan === null) return []
  return plan.kind === 'intersection' ? [...plan.parts] : [plan]
}

const SPREAD_KINDS: ReadonlySet<CodecDraft['kind']> = new Set(['object', 'union', 'intersection'])

/** The names of the properties that a plan converts; undefined where it converts something else, or more than names. */
function listNames(plan: CodecPlan | null, planner: Planner): string[] | undefined {
  if (plan?.kind === 'object') return plan.properties.map(([name]) => name)
  if (plan?.kind === 'reference') return listNames(planner.plan(planner.follow(plan)), planner)
  if (plan?.kind !== 'variants') return undefined
  const names = plan.arms.map(([, arm]) => listNames(arm, planner))
  return names.every((found) => found !== undefined) ? [...new Set(names.flat())] : undefined
}

function isKnown(plan: CodecPlan, name: string, known: ReadonlyMap<string, CodecPlan>): boolean {
  const property = plan.kind === 'object' ? plan.properties.find(([own]: PlannedProperty) => own === name) : undefined
  return property !== undefined && JSON.stringify(property[1]) === JSON.stringify(known.get(name))
}
