import { digestJson } from './digest-json.js'
import { digestShape } from './digest-shape.js'
import type { JsonSchema, JsonValue } from './json.js'

/** What is seen of a connection's input or output. */
export interface PayloadShape {
  readonly schema: JsonSchema
  readonly isStream: boolean
}

/** What a digest of a connection covers: all that is seen on the wire, and nothing else. */
export interface ConnectionShape {
  readonly tag: string
  readonly idempotent: boolean
  readonly input?: PayloadShape
  readonly output?: PayloadShape
  readonly errors: Readonly<Record<string, JsonSchema>>
}

/** Digests one connection. Names of types, documentation, order of keys and whether a type is exported change nothing. */
export function digestConnection({ tag, idempotent, input, output, errors }: ConnectionShape): string {
  const errorShapes = Object.entries(errors).map(([name, data]) => [name, digestShape(data)])
  return digestJson({
    tag,
    idempotent,
    input: digestPayload(input),
    output: digestPayload(output),
    errors: Object.fromEntries(errorShapes),
  })
}

/** Digests one event: what a subscriber depends on. */
export function digestEvent(event: {
  readonly tag: string
  readonly delivery: string
  readonly payload: JsonSchema | undefined
}): string {
  const { tag, delivery, payload } = event
  return digestJson({ event: tag, delivery, payload: payload === undefined ? null : digestShape(payload) })
}

/** Digests one flag: what a caller depends on. */
export function digestFlag({ tag, data }: { readonly tag: string; readonly data: JsonSchema | undefined }): string {
  return digestJson({ flag: tag, data: data === undefined ? null : digestShape(data) })
}

function digestPayload(payload: PayloadShape | undefined): JsonValue {
  if (payload === undefined) return null
  const shape = digestShape(payload.schema)
  return payload.isStream ? { stream: shape } : shape
}

/** Digests a schema by the digests of what it declares, in whatever order that stands. */
export function digestSchema(digests: readonly string[]): string {
  return digestJson([...digests].sort())
}
