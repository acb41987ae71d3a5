import { isObject } from '../wire/json-object.js'
import { appendPointer } from '../wire/json-pointer.js'
import { MAX_DEPTH } from '../wire/limits.js'
import { CodecError } from './codec-error.js'
import type { CodecPlan } from './codec-plan.js'

/** What is done at a place that a plan names. */
export type Convert = (plan: CodecPlan, value: unknown, pointer: string) => unknown

/** A plan that converts nothing by itself, but says where in a value something is converted: both ways alike. */
type PassingPlan = Extract<
  CodecPlan,
  { kind: 'array' | 'tuple' | 'object' | 'record' | 'intersection' | 'variants' | 'reference' }
>

/** Converts what a plan names inside a value. What does not fit the plan is left to the schema's check. */
export function convertInside(plan: PassingPlan, value: unknown, pointer: string, convert: Convert): unknown {
  switch (plan.kind) {
    case 'array':
      return convertItems(value, () => plan.item, pointer, convert)
    case 'tuple':
      return convertItems(
        value,
        (index) => (index in plan.items ? (plan.items[index] ?? null) : plan.rest),
        pointer,
        convert,
      )
    case 'object':
      return convertProperties(value, plan.properties, pointer, convert)
    case 'record':
      return convertProperties(value, spreadPlan(value, plan.value), pointer, convert)
    case 'intersection':
      return plan.parts.reduce((current, part) => convert(part, current, pointer), value)
    case 'variants': {
      const variant = findVariant(plan, value)
      return variant === undefined ? value : convert(variant, value, pointer)
    }
    case 'reference':
      return convert(enterReference(plan, pointer), value, pointer)
  }
}

/** Converts the items of an array that have a plan. What is no array is left to the schema's check. */
export function convertItems(
  value: unknown,
  planOf: (index: number) => CodecPlan | null,
  pointer: string,
  convert: Convert,
): unknown {
  if (!Array.isArray(value)) return value
  return value.map((item: unknown, index) => {
    const plan = planOf(index)
    return plan === null ? item : convert(plan, item, `${pointer}/${index}`)
  })
}

/** Copies an object with the properties converted that are there and have a plan. What is no object is left as it is. */
function convertProperties(
  value: unknown,
  plans: Iterable<readonly [name: string, plan: CodecPlan]>,
  pointer: string,
  convert: Convert,
): unknown {
  if (!isObject(value)) return value
  const copy: Record<string, unknown> = { ...value }
  for (const [name, plan] of plans) {
    if (!Object.hasOwn(value, name) || value[name] === undefined) continue
    const converted = convert(plan, value[name], appendPointer(pointer, name))
    // A name may be `__proto__`, which an assignment would not make a property of.
    Object.defineProperty(copy, name, { value: converted, writable: true, enumerable: true, configurable: true })
  }
  return copy
}

/** Every property of an object with one plan. */
function* spreadPlan(value: unknown, plan: CodecPlan): Iterable<readonly [string, CodecPlan]> {
  if (isObject(value)) for (const name of Object.keys(value)) yield [name, plan]
}

/** The plan for an object by the value of its telling property. */
function findVariant(plan: Extract<CodecPlan, { kind: 'variants' }>, value: unknown): CodecPlan | undefined {
  if (!isObject(value) || !Object.hasOwn(value, plan.property)) return undefined
  const found = value[plan.property]
  return plan.arms.find(([telling]) => telling === found)?.[1]
}

/** The plan of a recursive place. Throws where a value is deeper than what may travel, which one that holds itself is. */
function enterReference(plan: Extract<CodecPlan, { kind: 'reference' }>, pointer: string): CodecPlan {
  if (pointer.split('/').length - 1 <= MAX_DEPTH) return plan.plan()
  throw new CodecError(pointer, `is deeper than ${MAX_DEPTH} levels, or holds itself`)
}
