/** A codec of netgen's whose values travel as texts. */
export type ScalarCodecName = 'date' | 'bigint' | 'bytes' | 'url'

/** What `typeof` would say of a JSON value, told apart as JSON does. */
export type JsonType = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object'

/**
 * Where in a value the travelling form and the application's differ, and how: the runtime's plan as plain data. null, or a
 * place that is not named, travels as it is.
 */
export type CodecPlan =
  | { readonly kind: ScalarCodecName }
  | { readonly kind: 'map'; readonly key: CodecPlan | null; readonly value: CodecPlan | null }
  | { readonly kind: 'set'; readonly item: CodecPlan | null }
  | { readonly kind: 'array'; readonly item: CodecPlan }
  | { readonly kind: 'tuple'; readonly items: readonly (CodecPlan | null)[]; readonly rest: CodecPlan | null }
  | { readonly kind: 'object'; readonly properties: readonly PlannedProperty[] }
  | { readonly kind: 'record'; readonly value: CodecPlan }
  | { readonly kind: 'intersection'; readonly parts: readonly CodecPlan[] }
  | { readonly kind: 'union'; readonly arms: readonly PlannedArm[] }
  | { readonly kind: 'variants'; readonly property: string; readonly arms: readonly PlannedVariant[] }
  /** To the plan of a named type. */
  | { readonly kind: 'reference'; readonly name: string }
  /** To the live schema that holds a user's codec. */
  | {
      readonly kind: 'own'
      readonly exportName: string
      readonly path: readonly (string | number)[]
      readonly inner: CodecPlan | null
    }

/** A property of an object, by its name. */
export type PlannedProperty = readonly [name: string, plan: CodecPlan]

/** A type of a union, by the JSON types that only it has. */
export interface PlannedArm {
  readonly types: readonly JsonType[]
  readonly plan: CodecPlan | null
}

/** A type of a union of objects, by the value that its telling property has. */
export type PlannedVariant = readonly [value: string | number | boolean | null, plan: CodecPlan]

/** A plan, and the plans that it refers to, directly or through others, by the names of their types. */
export interface BundledPlan {
  readonly plan: CodecPlan
  readonly named: ReadonlyMap<string, CodecPlan>
}

/** The plans that stand directly inside one. */
export function listInnerPlans(plan: CodecPlan): CodecPlan[] {
  switch (plan.kind) {
    case 'map':
      return [plan.key, plan.value].filter((inner) => inner !== null)
    case 'set':
    case 'array':
      return plan.item === null ? [] : [plan.item]
    case 'tuple':
      return [...plan.items, plan.rest].filter((inner) => inner !== null)
    case 'object':
      return plan.properties.map(([, inner]) => inner)
    case 'record':
      return [plan.value]
    case 'intersection':
      return [...plan.parts]
    case 'union':
      return plan.arms.flatMap((arm) => (arm.plan === null ? [] : [arm.plan]))
    case 'variants':
      return plan.arms.map(([, inner]) => inner)
    case 'own':
      return plan.inner === null ? [] : [plan.inner]
    default:
      return []
  }
}
