import type { DeclarationKind, ForeignValue, SchemaMark, SchemaNode } from './loaded-schema.js'

/**
 * One export on its way from the child process: as JSON, so that what did not change since the last build shows in its text and
 * is neither sent nor read again.
 */
export interface PackedExport {
  readonly name: string
  /** Of the text. Equal digests are equal texts. */
  readonly digest: string
  /** A `PackedRoot` as JSON. Absent where the task says that the digest is known. */
  readonly text?: string
}

/** What stands behind a name. */
export type PackedRoot =
  | { readonly is: DeclarationKind; readonly declaration: PackedValue }
  | { readonly is: 'other'; readonly type: string }
  | PackedValue

/** A loaded value as JSON. An object that several places share has a number at one of them, and the others refer to it. */
export type PackedValue =
  | null
  | boolean
  | number
  | string
  | readonly PackedValue[]
  | PackedSchema
  | { readonly is: 'object'; readonly id?: number; readonly entries: PackedEntries }
  | { readonly is: 'stream'; readonly id?: number; readonly item: PackedValue; readonly isMarked: boolean }
  /** An array that is shared. */
  | { readonly is: 'list'; readonly id: number; readonly items: readonly PackedValue[] }
  | ForeignValue
  | PackedReference

/** A `SchemaNode`, without what is false or empty in it. */
export interface PackedSchema extends Pick<SchemaNode, 'kind' | 'codec'> {
  readonly is: 'schema'
  readonly id?: number
  readonly optional?: true
  readonly readonly?: true
  readonly marks?: readonly SchemaMark[]
  readonly keywords: PackedEntries
}

/** The object of a number in an export. */
export interface PackedReference {
  readonly is: 'reference'
  readonly exportName: string
  readonly id: number
}

/** Values by name. */
export interface PackedEntries {
  readonly [name: string]: PackedValue
}
