import type { PackedExport } from './packed-export.js'

/** What the child process is told to run. */
export interface Task {
  /** The bundled schema file, as an ES module. */
  readonly code: string
  /** Whether the schema file is of CommonJS: the bundle then has all its exports as one default. Default: false. */
  readonly isCommonJs?: boolean
  /** The schema file itself, absolute: what `require` looks up from. */
  readonly file: string
}

/** What the child process is told: a task, once, and before or with it the exports of the last run, which are not sent again. */
export interface ChildMessage {
  readonly task?: Task
  /** Texts of packed exports, by name. Absent: those that were told last, or none. */
  readonly known?: ReadonlyMap<string, string>
}

/** A place in the bundle. Lines and columns from 1, as stack traces have them. */
export interface BundlePlace {
  readonly line: number
  readonly column: number
}

/** What the child process found out. It sends one answer, or none where it could not. */
export type Answer =
  | { readonly outcome: 'read'; readonly exports: readonly PackedExport[] }
  | { readonly outcome: 'nested-too-deeply'; readonly exportName: string }
  | {
      readonly outcome: 'threw'
      /** The error as one text, at most 2,000 characters. */
      readonly text: string
      /** Where the schema's own code stood on the stack, innermost first; empty where it did not. */
      readonly frames: readonly BundlePlace[]
    }

/** The name that the bundle goes by in stack traces: V8 takes it from a `//# sourceURL=` comment. */
export const BUNDLE_NAME = 'netgen-schema-bundle'

/** How deeply schemas may be nested, in levels of objects and arrays. */
export const MAX_NESTING_LEVELS = 500
