import { decodeJson, decodeUtf8, MalformedJsonError } from './decode-json.js'

/** A JSON value that is an object. What its keys hold is not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Whether a JSON value is an object, and neither a list nor `null`. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A JSON value to look for keys in: itself where it is an object, else one without any. */
export function toObject(value: unknown): JsonObject {
  return isObject(value) ? value : NOTHING
}

const NOTHING: JsonObject = Object.freeze({})

/** An object that came as JSON, as text or as bytes; undefined for any other value, and for what `decodeUtf8` or `decodeJson` refuses. */
export function decodeObject(json: string | Uint8Array, maxDepth?: number): JsonObject | undefined {
  try {
    const value = decodeJson(typeof json === 'string' ? json : decodeUtf8(json), maxDepth)
    return isObject(value) ? value : undefined
  } catch (error) {
    if (error instanceof MalformedJsonError) return undefined
    throw error
  }
}
