import type { SourcePlace } from '../diagnostics/diagnostic.js'

/** What a documentation comment says, freed of its asterisks. */
export interface Documentation {
  readonly text: string
  /** The text behind `@deprecated`, which may be empty; absent where it is not deprecated. */
  readonly deprecated?: string
}

/** What the source knows of one place in a schema. */
export interface SourceFinding {
  /** The narrowest place that could be followed in the source. */
  readonly place: SourcePlace
  /** Only where the whole path was followed to one place with a comment on it. */
  readonly documentation?: Documentation
}

/** The schema file's source text, as the model asks it. */
export interface SourceIndex {
  /** Names of the exports in the order of the source; re-exported ones where their statement stands. */
  readonly exportNames: readonly string[]
  /**
   * Finds where a part of an export stands. The path follows the live objects: `['input', 'properties', 'val1']` in a
   * connection, `['properties', 'tags', 'items']` or `['anyOf', 1]` in a schema. An empty path means the export itself.
   */
  find(exportName: string, path: readonly (string | number)[]): SourceFinding
  /** Whether the source shows that what stands at a path was made of a TypeScript enum. */
  isEnum(exportName: string, path: readonly (string | number)[]): boolean
  /** Does something, and records what of the source it asks for. Within another recording, it is recorded there, too. */
  record<Result>(act: () => Result): { readonly result: Result; readonly uses: SourceUses }
  /** Whether the source still says the same about what was recorded, also by an index of an earlier build. */
  areCurrent(uses: SourceUses): boolean
}

/** What was asked of names in the source, and found there. */
export type SourceUses = ReadonlyMap<string, SourceUse>

/** A name that was looked for in a file. */
export interface SourceUse {
  readonly as: 'export' | 'local'
  /** Absolute. */
  readonly file: string
  readonly name: string
  /** What it means, and in which file: an object of its own for each text. `undefined`: nothing. */
  readonly found: { readonly file: string; readonly outline: object | undefined } | undefined
}
