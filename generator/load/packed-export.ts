import type { DeclarationKind, ForeignValue, SchemaMark, SchemaNode } from './loaded-schema.js'

/**
 * One export on its way from the child process: as JSON, so that what did not change since the last build shows in its text and
 * is neither sent nor read again.
 */
export interface PackedExport {
  readonly name: string
  /** A `PackedRoot` as JSON. Absent where it is the one that the child process was told is known. */
  readonly text?: string
}

/** What stands behind a name. */
export type PackedRoot =
  | { readonly is: DeclarationKind; readonly declaration: PackedValue }
  | { readonly is: 'other'; readonly type: string }
  | PackedValue

/**
 * A loaded value as JSON. Its lists, objects, streams and schemas are numbered within their export, from 0, in the order in
 * which they begin: by its number, further places refer to one that they share.
 */
export type PackedValue =
  | null
  | boolean
  | number
  | string
  | readonly PackedValue[]
  | PackedSchema
  | { readonly is: 'object'; readonly entries: PackedEntries }
  | { readonly is: 'stream'; readonly item: PackedValue; readonly isMarked: boolean }
  | ForeignValue
  | PackedReference

/** A `SchemaNode`, without what is false or empty in it. */
export interface PackedSchema extends Pick<SchemaNode, 'kind' | 'codec'> {
  readonly is: 'schema'
  readonly optional?: true
  readonly readonly?: true
  readonly marks?: readonly SchemaMark[]
  readonly keywords: PackedEntries
}

/** What has a number in an export. */
export interface PackedReference {
  readonly is: 'reference'
  readonly exportName: string
  readonly number: number
}

/** Values by name. */
export interface PackedEntries {
  readonly [name: string]: PackedValue
}
