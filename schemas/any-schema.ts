/** A schema of `typebox` 1.x: its kind stands under a string key. `Type.Unsafe` alone has no kind. */
type TypeBoxSchema = { readonly '~kind': string } | { readonly '~unsafe': unknown }

/** A schema of `@sinclair/typebox` 0.34: its kind stands under a symbol, so it is known by its other two keys. */
interface SinclairSchema {
  readonly params: unknown[]
  readonly static: unknown
}

/**
 * Any schema that a schema file may use, from either generation of TypeBox.
 *
 * TypeBox's own `TSchema` is an empty interface, to which a string or a plain object is assignable too; this one is not.
 */
export type AnySchema = TypeBoxSchema | SinclairSchema
