/**
 * Something that TypeBox marks beside the kind. `recursive`: made by `Type.Recursive` of 0.34. `enum`: by its `Type.Enum`, which makes a union. `escaped`: a template or record
 * of 0.34, which escapes fixed text in patterns as 1.x does not.
 */
export type SchemaMark = 'codec' | 'refine' | 'unsafe' | 'immutable' | 'recursive' | 'enum' | 'escaped'

/**
 * The name of TypeBox's kind, or what stands in its place. `unsafe`: made by `Type.Unsafe` of plain JSON Schema. `none`: an object that TypeBox
 * marked, as `Type.Optional` does, but that has no kind. A plain object without any mark is an `ObjectNode`.
 */
export type NodeKind = string

/**
 * One live schema object of the user's, made plain in the child process: TypeBox keeps its markers in non-enumerable keys
 * (1.x) or under symbols (0.34), so they have to be read there.
 *
 * Nodes are shared as the live objects were: two places that hold the same object hold the same node here, and the graph may
 * have cycles. That is how an exported schema is found again where it is used.
 */
export interface SchemaNode {
  readonly is: 'schema'
  readonly kind: NodeKind
  readonly optional: boolean
  readonly readonly: boolean
  /** A codec, a refinement, an unsafe or a deferred type stands here, by TypeBox's own marks. */
  readonly marks: readonly SchemaMark[]
  /** Equal where two schemas have one codec, as `Type.Optional` of a codec has that of the original; absent without one. */
  readonly codec?: number
  /** The enumerable keys: JSON Schema keywords, with nested schemas as nodes. */
  readonly keywords: ReadonlyMap<string, LoadedValue>
}

/** A plain object that is no schema: `properties`, `$defs`, a default, an example. */
export interface ObjectNode {
  readonly is: 'object'
  readonly entries: ReadonlyMap<string, LoadedValue>
}

/** A `stream()` of the vocabulary, unchecked. Its path goes on at `item`. */
export interface StreamNode {
  readonly is: 'stream'
  readonly item: LoadedValue
  /** Whether a function of TypeBox was put around it, such as `Type.Optional`. */
  readonly isMarked: boolean
}

/** A value that JSON cannot hold, found where a schema holds values. `text` is a short printable form. */
export interface ForeignValue {
  readonly is: 'foreign'
  readonly type: 'function' | 'symbol' | 'bigint' | 'undefined' | 'regexp' | 'number' | 'instance' | 'getter' | 'cycle'
  readonly text: string
}

export type LoadedValue =
  | null
  | boolean
  | number
  | string
  | readonly LoadedValue[]
  | SchemaNode
  | ObjectNode
  | StreamNode
  | ForeignValue

/** The functions of the vocabulary whose results are looked for among a schema file's exports. */
export const DECLARATION_KINDS = ['connection', 'event', 'flag'] as const

/** What a schema file can declare. */
export type DeclarationKind = (typeof DECLARATION_KINDS)[number]

/** A `connection()`, an `event()` or a `flag()` as the schema file declared it, unchecked. */
export interface LoadedDeclaration {
  readonly is: DeclarationKind
  readonly declaration: LoadedValue
}

/** One export of the schema file. */
export interface LoadedExport {
  readonly name: string
  readonly value: LoadedDeclaration | SchemaNode | { readonly is: 'other'; readonly type: string }
}

/** What the child process says about a schema file that ran to its end. */
export interface LoadedSchema {
  /** In the order of the source, as far as the module says it; then by name. */
  readonly exports: readonly LoadedExport[]
}
