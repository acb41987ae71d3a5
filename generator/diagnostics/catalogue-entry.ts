/** One kind of diagnostic. */
export interface CatalogueEntry {
  readonly severity: 'error' | 'warning'
  /** In a few words, for lists. */
  readonly title: string
  /** Why it is so, and what to do about it: a paragraph. */
  readonly explanation: string
}
