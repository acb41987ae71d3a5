import type { JsonSchema } from '../json.js'
import type { CodecDraft, DraftArm } from './codec-draft.js'
import type { CodecPlan, JsonType, PlannedArm } from './codec-plan.js'
import { findTellingProperty } from './find-telling-property.js'
import { listJsonTypes } from './list-json-types.js'
import type { Planner } from './planner.js'

interface Arm extends PlannedArm {
  readonly schema: JsonSchema
}

/**
 * Plans a value of one of several types. Those that hold a codec have to be told from all others before anything is
 * converted: by their JSON type or, among objects, by the value of one property.
 */
export function planUnion(
  { arms, position }: Extract<CodecDraft, { kind: 'union' }>,
  planner: Planner,
): CodecPlan | null {
  const all = spreadArms(arms, planner).map(({ draft, schema }): Arm => {
    return { plan: planner.plan(draft), schema, types: listJsonTypes(schema, planner.schemas) }
  })
  if (all.every(({ plan }) => plan === null)) return null
  const told = tellObjects(all, planner)
  const [only] = told
  if (told.length === 1 && only?.plan != null) return only.plan
  const clash = findClash(told)
  if (clash !== undefined) {
    const remedy =
      'give each its own JSON type, or put each into an object with a literal property that tells them apart'
    planner.report('NG3030', position, `is a union with a codec, of which two types travel as ${clash}`, remedy)
    return null
  }
  if (told.filter(({ plan }) => plan?.kind === 'own').length > 1) {
    const remedy = 'put each into an object with a literal property that tells them apart'
    planner.report(
      'NG3030',
      position,
      'is a union of two codecs of your own, whose values nobody can tell apart',
      remedy,
    )
    return null
  }
  // Only a codec knows its values: it is asked last, for what is left.
  const ordered = [...told].sort(
    (left, right) => Number(left.plan?.kind === 'own') - Number(right.plan?.kind === 'own'),
  )
  return { kind: 'union', arms: ordered.map(({ types, plan }) => ({ types, plan })) }
}

/** The arms, with those of unions inside this one in their place: a value is of one arm, however they are nested. */
function spreadArms(arms: readonly DraftArm[], planner: Planner): DraftArm[] {
  return arms.flatMap(({ draft, schema }) => {
    const target = planner.follow(draft)
    if (target?.kind === 'union') return spreadArms(target.arms, planner)
    // What is told by its class has to be seen as what it is.
    const isTold = target?.kind === 'map' || target?.kind === 'set'
    return [{ draft: isTold ? target : draft, schema }]
  })
}

/** Makes one arm of all objects that a property tells apart, and one of all types that travel as they are. */
function tellObjects(arms: readonly Arm[], planner: Planner): Arm[] {
  const objects = arms.filter(({ types, plan }) => types.join() === 'object' && plan?.kind !== 'own')
  const isMixed = objects.length > 1 && objects.some(({ plan }) => plan !== null)
  const telling = isMixed
    ? findTellingProperty(
        objects.map(({ schema }) => schema),
        planner.schemas,
      )
    : undefined
  const others = arms.filter((arm) => telling === undefined || !objects.includes(arm))
  const plain = others.filter(({ plan }) => plan === null)
  const types = [...new Set(plain.flatMap((arm) => arm.types))]
  return [
    ...others.filter(({ plan }) => plan !== null),
    ...(telling === undefined ? [] : [createVariants(telling, objects)]),
    ...(types.length === 0 ? [] : [{ types, plan: null, schema: {} }]),
  ]
}

function createVariants(
  { name, values }: NonNullable<ReturnType<typeof findTellingProperty>>,
  objects: readonly Arm[],
): Arm {
  const arms = objects.flatMap(({ plan }, index) =>
    plan === null ? [] : (values[index] ?? []).map((value) => [value, plan] as const),
  )
  return { types: ['object'], plan: { kind: 'variants', property: name, arms }, schema: {} }
}

/** The JSON type that two arms have; undefined where they are all apart. */
function findClash(arms: readonly Arm[]): JsonType | undefined {
  const seen = new Set<JsonType>()
  for (const type of arms.flatMap(({ types }) => types)) {
    if (seen.has(type)) return type
    seen.add(type)
  }
  return undefined
}
