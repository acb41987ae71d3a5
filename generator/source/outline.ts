import type { Documentation } from './source-index.js'

/** A part of a source file, as plain data in which paths of live objects can be followed. Places are offsets in UTF-16 units. */
export type Outline =
  /** Something that shows no parts of its own: where it begins. */
  | number
  | { readonly is: 'object'; readonly at: number; readonly members: readonly OutlineMember[] }
  | { readonly is: 'array' | 'enum'; readonly at: number; readonly elements: readonly OutlineElement[] }
  | OutlineCall
  /** A name of its module. */
  | { readonly is: 'name'; readonly at: number; readonly name: string }
  /** What `of` has under a name. */
  | { readonly is: 'part'; readonly at: number; readonly of: Outline; readonly name: string }

/** A call of a function that has a name. */
export interface OutlineCall {
  readonly is: 'call'
  readonly at: number
  /** What TypeBox, or netgen, calls it: `Type.Object`, `Object` and, after `import { Object as Shape }`, `Shape` are one. */
  readonly builder: string
  /** What it is called on, where that says anything about what it returns. */
  readonly receiver?: Outline
  readonly arguments: readonly Outline[]
}

/** A property of an object literal, or everything of another object in its place. */
export type OutlineMember =
  | {
      /** Absent where it is computed. */
      readonly name?: string
      /** Where the name stands. */
      readonly at: number
      readonly documentation?: Documentation
      readonly value: Outline
    }
  | { readonly spread: Outline }

/** An element of an array literal, or a member of a TypeScript enum. */
export interface OutlineElement {
  readonly documentation?: Documentation
  readonly value: Outline
  /** Whether it stands for any number of elements. Default: false. */
  readonly isSpread?: true
}

/** Something that a file declares at its top level. Its places count from where its statement begins. */
export interface DeclarationOutline {
  /** Where its name stands. */
  readonly at: number
  readonly documentation?: Documentation
  /** What it stands for; absent for functions and classes. */
  readonly value?: Outline
  /** The part of `value` that it stands for, where it was destructured. */
  readonly part?: string
}

/** A declaration on its way between threads. */
export interface PackedDeclaration {
  /** The name that it has in its module; absent where it has none. */
  readonly name?: string
  /** Where its statement begins. */
  readonly start: number
  /** A `DeclarationOutline` as JSON: equal texts are equal declarations, wherever they stand. */
  readonly text: string
}

/** An import of a value, or a part of a re-export. */
export interface ImportedName {
  readonly specifier: string
  /** As the other file exports it; `*` for all of it as one object. */
  readonly name: string
}

/** One name that a file exports. */
export type NamedExport =
  /** `declaration` counts the file's declarations. */
  | { readonly is: 'declared'; readonly name: string; readonly declaration: number }
  | { readonly is: 'local'; readonly name: string; readonly localName: string }
  | { readonly is: 'imported'; readonly name: string; readonly imported: ImportedName }

/** A name, or all names of another file, where the statement stands that exports it. */
export type ExportStatement = NamedExport | { readonly is: 'all'; readonly specifier: string }

/** One source file: its top level in order. */
export interface ModuleOutline {
  /** Absolute. */
  readonly file: string
  /** Where each of its lines begins. */
  readonly lineStarts: readonly number[]
  readonly declarations: readonly PackedDeclaration[]
  /** By local name. */
  readonly imports: ReadonlyMap<string, ImportedName>
  readonly exports: readonly ExportStatement[]
}
