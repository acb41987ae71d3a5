import type { Diagnostic } from './diagnostics/diagnostic.js'

/** What to build. */
export interface BuildOptions {
  /** Schema files, absolute or relative to `cwd`. */
  readonly schemas: readonly string[]
  /** The output folder. Default: `generated` beside each schema file. */
  readonly out?: string
  /**
   * `ts`: TypeScript. `js`: JavaScript with declarations, from which editors lead to the schema. Default: `js` where the
   * tsconfig.json that governs the output folder has `noEmit`, else `ts`.
   */
  readonly language?: 'ts' | 'js'
  /**
   * How TypeScript output imports its neighbours. Default: `ts` where that tsconfig.json has `allowImportingTsExtensions` or
   * `rewriteRelativeImportExtensions`, else `js`. Where it is given, `language` is `ts` by default.
   */
  readonly importEnding?: 'js' | 'ts' | 'none'
  /** Write nothing; report what differs instead. Default: false. */
  readonly check?: boolean
  /** Keep what makes the next build faster in `node_modules/.cache/netgen`. The output is the same without. Default: true. */
  readonly cache?: boolean
  /** Default: the process's working directory. */
  readonly cwd?: string
  /** How long one schema file may take to run, in milliseconds. Default: 20,000. */
  readonly loadTimeoutMs?: number
}

/** What became of one file of the output. With `check`, what would have become of it. */
export interface BuiltFile {
  /** Absolute. */
  readonly path: string
  readonly change: 'created' | 'updated' | 'unchanged' | 'removed'
}

/** What a build did. It throws for nothing that a user can cause. */
export interface BuildResult {
  /** No error among the diagnostics, and with `check` no file that differs. */
  readonly ok: boolean
  readonly diagnostics: readonly Diagnostic[]
  /** Empty where there was an error: then the output is as it was. */
  readonly files: readonly BuiltFile[]
  /** Every file that the schemas were read from, absolute: what `--watch` follows. */
  readonly inputs: readonly string[]
}
