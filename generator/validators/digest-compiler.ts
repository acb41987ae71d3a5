import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { OWN_FOLDER } from '../own-folder.js'
import { readOwnPackage } from '../own-package.js'

/**
 * Digests what compiles checks: netgen's version and this folder's files, and the versions of ajv and its formats. Two netgens
 * of equal digests compile equal schemas to equal code. 22 characters, fit for a file name.
 */
export function digestCompiler(): string {
  const hash = createHash('sha256').update(readOwnPackage().version)
  const require = createRequire(import.meta.url)
  for (const name of ['ajv', 'ajv-formats']) {
    hash.update(`\0${(require(`${name}/package.json`) as { readonly version: string }).version}`)
  }
  const folder = new URL('validators/', OWN_FOLDER)
  for (const name of readdirSync(folder).sort()) hash.update('\0').update(readFileSync(new URL(name, folder)))
  return hash.digest('base64url').slice(0, 22)
}
