/** One kind of diagnostic. */
export interface CatalogueEntry {
  readonly severity: 'error' | 'warning'
  /** In a few words, for lists. */
  readonly title: string
  /** Why it is so, and what to do about it: a paragraph. */
  readonly explanation: string
}

/**
 * Every diagnostic there is. A code is never used for anything else, nor given up for another.
 *
 * NG1: the schema file and how it runs. NG2: what a connection declares. NG3: types. NG4: names. NG5: output files.
 */
export const CATALOGUE: Readonly<Record<DiagnosticCode, CatalogueEntry>> = Object.freeze({
  NG1001: {
    severity: 'error',
    title: 'syntax error',
    explanation: 'The schema file, or a file that it imports, is not valid TypeScript. Nothing was generated.',
  },
})

/** A code of the catalogue. */
export type DiagnosticCode = 'NG1001'
