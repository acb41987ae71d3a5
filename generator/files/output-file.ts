/** A file that the generator wants to be there, with its whole content. */
export interface OutputFile {
  /** Relative to the output folder, with slashes. */
  readonly path: string
  readonly text: string
  /** Only editors read it, and each line that moves in the schema changes it: `--check` takes it as it is. Default: false. */
  readonly isHint?: boolean
}

/** The files of one schema. */
export interface OutputPlan {
  /** The output folder, absolute. */
  readonly folder: string
  /** The subfolder that holds nothing but this schema's files: stale ones are removed from there. */
  readonly ownFolder: string
  /** What stands beside that subfolder in any language, relative to the output folder: what is not planned is removed. */
  readonly mainFiles: readonly string[]
  readonly files: readonly OutputFile[]
}
