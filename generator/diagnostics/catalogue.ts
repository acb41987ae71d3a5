import type { CatalogueEntry } from './catalogue-entry.js'
import { DECLARATION_CATALOGUE } from './declaration-catalogue.js'
import { FILE_CATALOGUE } from './file-catalogue.js'
import { LOAD_CATALOGUE } from './load-catalogue.js'
import { NAME_CATALOGUE } from './name-catalogue.js'
import { TYPE_CATALOGUE } from './type-catalogue.js'

// A code is added to its family's file and nowhere else: `DiagnosticCode` follows from the keys.
const ENTRIES = {
  ...LOAD_CATALOGUE,
  ...DECLARATION_CATALOGUE,
  ...TYPE_CATALOGUE,
  ...NAME_CATALOGUE,
  ...FILE_CATALOGUE,
}

/** A code of the catalogue. */
export type DiagnosticCode = keyof typeof ENTRIES

/**
 * Every diagnostic there is. A code is never used for anything else, nor given up for another.
 *
 * NG1: the schema file and how it runs. NG2: what a connection declares. NG3: types. NG4: names. NG5: output files.
 */
export const CATALOGUE: Readonly<Record<DiagnosticCode, CatalogueEntry>> = Object.freeze(ENTRIES)
