import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Finds the folder in which what belongs to a schema file may be kept: `.cache/netgen` in the nearest `node_modules` above the
 * file, where tools keep what can be made again. `undefined` where there is no `node_modules`: then nothing is kept.
 */
export function locateCache(schemaFile: string): string | undefined {
  for (let folder = dirname(schemaFile); ; folder = dirname(folder)) {
    const packages = join(folder, 'node_modules')
    if (existsSync(packages)) return join(packages, '.cache', 'netgen')
    if (folder === dirname(folder)) return undefined
  }
}
