import type { CatalogueEntry } from './catalogue-entry.js'
import { DECLARATION_CATALOGUE } from './declaration-catalogue.js'
import { FILE_CATALOGUE } from './file-catalogue.js'
import { LOAD_CATALOGUE } from './load-catalogue.js'
import { NAME_CATALOGUE } from './name-catalogue.js'
import { TYPE_CATALOGUE } from './type-catalogue.js'

/** A code of the catalogue. One is added to its family's file and nowhere else. */
export type DiagnosticCode =
  | keyof typeof LOAD_CATALOGUE
  | keyof typeof DECLARATION_CATALOGUE
  | keyof typeof TYPE_CATALOGUE
  | keyof typeof NAME_CATALOGUE
  | keyof typeof FILE_CATALOGUE

/**
 * Every diagnostic there is. A code is never used for anything else, nor given up for another.
 *
 * NG1: the schema file and how it runs. NG2: what connections, events and flags declare. NG3: types. NG4: names. NG5: output files.
 */
export const CATALOGUE: Readonly<Record<DiagnosticCode, CatalogueEntry>> = Object.freeze({
  ...LOAD_CATALOGUE,
  ...DECLARATION_CATALOGUE,
  ...TYPE_CATALOGUE,
  ...NAME_CATALOGUE,
  ...FILE_CATALOGUE,
})
