import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * `import.meta` of a bundled file means the file, not the bundle: the bundler puts these names in its place, and each file
 * that asks for it imports them from a module of its own.
 */
export const IMPORT_META_DEFINITIONS = {
  'import.meta.url': '__netgenUrl',
  'import.meta.filename': '__netgenFilename',
  'import.meta.dirname': '__netgenDirname',
} as const

/** How the specifier of such a module begins; the path of the file follows. */
export const IMPORT_META_PREFIX = 'netgen-import-meta:'

/** Adds the import to a source that speaks of `import.meta`. It stands at the end, so that no line or column moves. */
export function addImportMeta(source: string, file: string): string {
  const names = Object.values(IMPORT_META_DEFINITIONS).join(', ')
  return `${source}\nimport { ${names} } from ${JSON.stringify(IMPORT_META_PREFIX + file)}\n`
}

/** Writes the module that tells a file where it is. */
export function writeImportMetaModule(file: string): string {
  const values = { __netgenUrl: pathToFileURL(file).href, __netgenFilename: file, __netgenDirname: dirname(file) }
  return Object.entries(values)
    .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)}\n`)
    .join('')
}
