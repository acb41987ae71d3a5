import { printValue } from '../errors/print-value.js'
import { CodecError } from './codec-error.js'
import type { CodecPlan, UnionArm } from './codec-plan.js'
import { readJsonType } from './json-type.js'
import { SCALAR_CODECS } from './scalar-codecs.js'
import { convertInside, convertItems } from './walk.js'

/**
 * The form in which a value travels. The value itself is left as it is; where the plan names nothing, its parts are shared.
 *
 * Throws a {@link CodecError} with the place where a value is not what the plan converts; all else is left to the schema's
 * check of what travels.
 */
export function encodeValue(plan: CodecPlan, value: unknown, pointer = ''): unknown {
  switch (plan.kind) {
    case 'date':
    case 'bigint':
    case 'bytes':
    case 'url': {
      const codec = SCALAR_CODECS[plan.kind]
      if (!codec.is(value)) throw refuse(pointer, value, codec.expected)
      return codec.encode(value as never, pointer)
    }
    case 'map':
      if (!(value instanceof Map)) throw refuse(pointer, value, 'a Map')
      return [...value].map((pair, index) =>
        convertItems(pair, (side) => (side === 0 ? plan.key : plan.value), `${pointer}/${index}`, encodeValue),
      )
    case 'set':
      if (!(value instanceof Set)) throw refuse(pointer, value, 'a Set')
      return convertItems([...value], () => plan.item, pointer, encodeValue)
    case 'union': {
      const arm = plan.arms.find((candidate) => isOfArm(candidate, value))
      return arm === undefined || arm.plan === null ? value : encodeValue(arm.plan, value, pointer)
    }
    case 'own': {
      const encoded = encodeOwn(plan.codec, value, pointer)
      return plan.inner === null ? encoded : encodeValue(plan.inner, encoded, pointer)
    }
    default:
      return convertInside(plan, value, pointer, encodeValue)
  }
}

/** Whether a value of the application's is of one arm. Arms of other JSON types may be of one class, but not of one plan. */
function isOfArm({ plan, types }: UnionArm, value: unknown): boolean {
  switch (plan?.kind) {
    case 'date':
    case 'bigint':
    case 'bytes':
    case 'url':
      return SCALAR_CODECS[plan.kind].is(value)
    case 'map':
      return value instanceof Map
    case 'set':
      return value instanceof Set
    case 'own':
      // Nobody but the codec knows its values: it stands last, and is what is left.
      return true
    default: {
      const type = readJsonType(value)
      return type !== undefined && types.includes(type)
    }
  }
}

function encodeOwn(codec: { encode(value: unknown): unknown }, value: unknown, pointer: string): unknown {
  try {
    return codec.encode(value)
  } catch (error) {
    throw new CodecError(pointer, `is ${printValue(value)}, which its codec cannot encode`, error)
  }
}

function refuse(pointer: string, value: unknown, expected: string): CodecError {
  return new CodecError(pointer, `is ${printValue(value)}, expected ${expected}`)
}
