/** One kind of diagnostic. */
export interface CatalogueEntry {
  readonly severity: 'error' | 'warning'
  /** In a few words, for lists. */
  readonly title: string
  /** Why it is so: a paragraph. */
  readonly explanation: string
  /** The smallest example: the lines of a schema file without its import of `netgen/schema`, or a command. */
  readonly wrong: string
  /** The same as it should be. */
  readonly right: string
}
