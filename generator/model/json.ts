/** What JSON can hold. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject

/** An object of JSON. */
export interface JsonObject {
  readonly [key: string]: JsonValue
}

/** A JSON Schema, draft 2020-12, in its object form. */
export type JsonSchema = JsonObject

/** Writes a value as JSON with sorted keys, so that equal values have equal texts. */
export function canonicalizeJson(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalizeJson).join(',')}]`
  const object = value as JsonObject
  let text = ''
  for (const key of Object.keys(object).sort()) {
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalizeJson(object[key] ?? null)}`
  }
  return `{${text}}`
}

/** Orders two texts by their code units, alike on every machine: never by locale. */
export function compareCodeUnits(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
