import { isObject } from '../wire/json-object.js'
import { appendPointer } from '../wire/json-pointer.js'
import { MAX_DEPTH } from '../wire/limits.js'
import { CodecError } from './codec-error.js'
import type { CodecPlan } from './codec-plan.js'

/** What is done at a place that a plan names. */
export type Convert = (plan: CodecPlan, value: unknown, pointer: string) => unknown

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
export function convertProperties(
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
export function* spreadPlan(value: unknown, plan: CodecPlan): Iterable<readonly [string, CodecPlan]> {
  if (isObject(value)) for (const name of Object.keys(value)) yield [name, plan]
}

/** The plan for an object by the value of its telling property. */
export function findVariant(plan: Extract<CodecPlan, { kind: 'variants' }>, value: unknown): CodecPlan | undefined {
  if (!isObject(value) || !Object.hasOwn(value, plan.property)) return undefined
  const found = value[plan.property]
  return plan.arms.find(([telling]) => telling === found)?.[1]
}

/** The plan of a recursive place. Throws where a value is deeper than what may travel, which one that holds itself is. */
export function enterReference(plan: Extract<CodecPlan, { kind: 'reference' }>, pointer: string): CodecPlan {
  if (pointer.split('/').length - 1 <= MAX_DEPTH) return plan.plan()
  throw new CodecError(pointer, `is deeper than ${MAX_DEPTH} levels, or holds itself`)
}
