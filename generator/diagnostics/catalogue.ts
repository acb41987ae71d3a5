import type { CatalogueEntry } from './catalogue-entry.js'
import { DECLARATION_CATALOGUE, type DeclarationCode } from './declaration-catalogue.js'
import { FILE_CATALOGUE, type FileCode } from './file-catalogue.js'
import { LOAD_CATALOGUE, type LoadCode } from './load-catalogue.js'
import { NAME_CATALOGUE, type NameCode } from './name-catalogue.js'
import { TYPE_CATALOGUE, type TypeCode } from './type-catalogue.js'

/** A code of the catalogue. */
export type DiagnosticCode = LoadCode | DeclarationCode | TypeCode | NameCode | FileCode

/**
 * Every diagnostic there is. A code is never used for anything else, nor given up for another.
 *
 * NG1: the schema file and how it runs. NG2: what a connection declares. NG3: types. NG4: names. NG5: output files.
 */
export const CATALOGUE: Readonly<Record<DiagnosticCode, CatalogueEntry>> = Object.freeze({
  ...LOAD_CATALOGUE,
  ...DECLARATION_CATALOGUE,
  ...TYPE_CATALOGUE,
  ...NAME_CATALOGUE,
  ...FILE_CATALOGUE,
})
