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
}
