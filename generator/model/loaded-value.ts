import type { ForeignValue, LoadedValue, ObjectNode, SchemaNode, StreamNode } from '../load/loaded-schema.js'

/** Whether a loaded value is a schema that TypeBox made. */
export function isSchema(value: LoadedValue | undefined): value is SchemaNode {
  return isNode(value) && value.is === 'schema'
}

/** Whether a loaded value is a plain object that is no schema. */
export function isObject(value: LoadedValue | undefined): value is ObjectNode {
  return isNode(value) && value.is === 'object'
}

/** Whether a loaded value is a `stream()` of the vocabulary. */
export function isStream(value: LoadedValue | undefined): value is StreamNode {
  return isNode(value) && value.is === 'stream'
}

/** Whether a loaded value is something that JSON cannot hold. */
export function isForeign(value: LoadedValue | undefined): value is ForeignValue {
  return isNode(value) && value.is === 'foreign'
}

/** Whether a loaded value is an array. */
export function isList(value: LoadedValue | undefined): value is readonly LoadedValue[] {
  return Array.isArray(value)
}

function isNode(value: LoadedValue | undefined): value is SchemaNode | ObjectNode | StreamNode | ForeignValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
