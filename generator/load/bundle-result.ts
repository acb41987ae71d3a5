import type { SourcePlace } from '../diagnostics/diagnostic.js'

/** What became of a schema file and all that it imports. */
export interface BundleResult {
  /** One ES module; empty where there are errors. */
  readonly code: string
  /** Whether the schema file is of CommonJS: the bundle then has all its exports as one default. Default: false. */
  readonly isCommonJs?: boolean
  /**
   * Makes its source map (version 3), as JSON text, which only a schema that fails needs: it takes as long as the bundle.
   * `sources` are absolute paths. `undefined` where the files have changed since.
   */
  makeSourceMap(): Promise<string | undefined>
  readonly errors: readonly BundleError[]
  /** Every file that was read, and every path where one was looked for in vain; absolute. */
  readonly inputs: readonly string[]
  readonly imports: readonly ImportRecord[]
}

/** What the bundler found wrong. */
export interface BundleError {
  readonly text: string
  /** Absent where it blames no file. */
  readonly place?: SourcePlace
  /** Present where it is an import that was not found. */
  readonly unresolved?: UnresolvedImport
}

/** An import that was not found. */
export interface UnresolvedImport {
  readonly specifier: string
  /** The folder of the file that imports it. */
  readonly folder: string
  /** What the bundler knows besides, such as an entry that a package does not have. */
  readonly hints: readonly string[]
}

/** One import of the files that were bundled. */
export interface ImportRecord {
  /** Absolute. */
  readonly importer: string
  /** As the importer writes it. */
  readonly specifier: string
  /** What it leads to: an absolute path, or the name of a module of Node. */
  readonly file: string
  /** Whether it was bundled along, rather than left for Node to import. */
  readonly bundled: boolean
  /** Whether it is a `require` of CommonJS. Default: false. */
  readonly isRequired?: boolean
  /** Where Node loads it from; absent for what is bundled along, and for modules of Node. */
  readonly url?: string
}
