import { randomUUID } from 'node:crypto'
import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ImportRecord } from './bundle-result.js'

/** What can be loaded in the place of a module that was not bundled along: its URL. `undefined`: nothing but itself. */
export type Substitute = (file: string) => string | undefined

/** No schema file can know it, so that nothing but an import of a bundle can hold it. */
const MARK = `netgen-external-${randomUUID()}-`

/** Marks an import of a file, in the place of its URL, which is chosen when all imports are known. */
export function markExternal(file: string): string {
  return MARK + Buffer.from(file).toString('base64url')
}

/** A bundle whose imports are URLs. */
export interface MarkedBundle {
  readonly code: string
  readonly imports: readonly ImportRecord[]
}

/** Puts URLs in the place of marks: substitutes where there are some for all of them, else those of the files themselves. */
export function replaceMarks({ code, imports }: MarkedBundle, substitute: Substitute): MarkedBundle {
  const outside = imports.filter(({ bundled, file }) => !bundled && isAbsolute(file))
  const areAll = outside.every(({ isRequired, file }) => !isRequired && substitute(file) !== undefined)
  const locate = (file: string): string => (areAll && substitute(file)) || pathToFileURL(file).href
  return {
    code: code.replace(MARKED, (_, file: string) => locate(Buffer.from(file, 'base64url').toString())),
    imports: imports.map((record) => (outside.includes(record) ? { ...record, url: locate(record.file) } : record)),
  }
}

const MARKED = new RegExp(`${MARK}([\\w-]+)`, 'g')
