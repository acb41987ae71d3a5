import type { CatalogueEntry } from './catalogue-entry.js'

/** A code of the NG1 family: the schema file and how it runs. */
export type LoadCode = 'NG1001'

/** What can be wrong with the schema file and how it runs. */
export const LOAD_CATALOGUE: Readonly<Record<LoadCode, CatalogueEntry>> = Object.freeze({
  NG1001: {
    severity: 'error',
    title: 'syntax error',
    explanation: 'The schema file, or a file that it imports, is not valid TypeScript. Nothing was generated.',
  },
})
