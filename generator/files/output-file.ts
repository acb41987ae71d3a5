/** A file that the generator wants to be there, with its whole content. */
export interface OutputFile {
  /** Relative to the output folder, with slashes. */
  readonly path: string
  readonly text: string
}

/** The files of one schema. */
export interface OutputPlan {
  /** The output folder, absolute. */
  readonly folder: string
  /** The subfolder that holds nothing but this schema's files: stale ones are removed from there. */
  readonly ownFolder: string
  readonly files: readonly OutputFile[]
}
