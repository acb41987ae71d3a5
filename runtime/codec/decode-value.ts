import { printValue } from '../errors/print-value.js'
import { CodecError } from './codec-error.js'
import type { CodecPlan } from './codec-plan.js'
import { readJsonType } from './json-type.js'
import { OBJECT_COST, takeFromBudget } from './object-budget.js'
import { SCALAR_CODECS } from './scalar-codecs.js'
import { convertInside } from './walk.js'

/**
 * The application's form of what travelled, which the schema has checked before.
 *
 * Throws a {@link CodecError} with the place where it stands for no value: a time that is none, two equal keys of a map.
 */
export function decodeValue(plan: CodecPlan, value: unknown, pointer = ''): unknown {
  switch (plan.kind) {
    case 'bytes':
    case 'url':
      takeFromBudget(OBJECT_COST, pointer)
      return SCALAR_CODECS[plan.kind].decode(value as string, pointer)
    case 'date':
    case 'bigint':
      return SCALAR_CODECS[plan.kind].decode(value as string, pointer)
    case 'map':
      return decodeMap(plan, value as readonly (readonly [unknown, unknown])[], pointer)
    case 'set':
      return decodeSet(plan, value as readonly unknown[], pointer)
    case 'union': {
      const type = readJsonType(value)
      const arm = plan.arms.find(({ types }) => type !== undefined && types.includes(type))
      return arm === undefined || arm.plan === null ? value : decodeValue(arm.plan, value, pointer)
    }
    case 'own':
      return decodeOwn(plan, plan.inner === null ? value : decodeValue(plan.inner, value, pointer), pointer)
    default:
      return convertInside(plan, value, pointer, decodeValue)
  }
}

function decodeMap(
  plan: Extract<CodecPlan, { kind: 'map' }>,
  pairs: readonly (readonly [unknown, unknown])[],
  pointer: string,
): Map<unknown, unknown> {
  takeFromBudget(pairs.length, pointer)
  const map = new Map<unknown, unknown>()
  for (let index = 0; index < pairs.length; index++) {
    const [key, item] = pairs[index] ?? []
    const decodedKey = plan.key === null ? key : decodeValue(plan.key, key, `${pointer}/${index}/0`)
    if (map.has(decodedKey)) {
      throw new CodecError(`${pointer}/${index}/0`, `is ${printValue(key)}, which is the key of another pair`)
    }
    map.set(decodedKey, plan.value === null ? item : decodeValue(plan.value, item, `${pointer}/${index}/1`))
  }
  return map
}

function decodeSet(
  plan: Extract<CodecPlan, { kind: 'set' }>,
  items: readonly unknown[],
  pointer: string,
): Set<unknown> {
  takeFromBudget(items.length, pointer)
  const set = new Set<unknown>()
  for (let index = 0; index < items.length; index++) {
    const item = items[index]
    const decoded = plan.item === null ? item : decodeValue(plan.item, item, `${pointer}/${index}`)
    set.add(decoded)
    if (set.size === index) {
      throw new CodecError(`${pointer}/${index}`, `is ${printValue(item)}, which is in the set already`)
    }
  }
  return set
}

function decodeOwn(plan: Extract<CodecPlan, { kind: 'own' }>, value: unknown, pointer: string): unknown {
  try {
    return plan.codec.decode(value)
  } catch (error) {
    throw new CodecError(pointer, `is ${printValue(value)}, which its codec cannot decode`, error)
  }
}
