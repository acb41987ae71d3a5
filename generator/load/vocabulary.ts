import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { attempt, readCacheEntry, removeForeign, writeCacheEntry } from '../cache/cache-entry.js'
import { OWN_FOLDER } from '../own-folder.js'
import { readOwnPackage } from '../own-package.js'

/**
 * What nearly every schema file imports, `netgen/schema` and `typebox`, in two files and a common one: as they come, they are
 * 370, which take Node 100 ms to load.
 */
export interface Vocabulary {
  /** The URL of what a process loads while it waits for a schema file. `undefined` where netgen/schema is not found. */
  readonly url: string | undefined
  /**
   * The URL of what can stand for a file of the vocabulary, to schema files that import nothing else: whoever else had the
   * vocabulary, too, would have another copy of it. `undefined` where nothing can.
   *
   * @param file Absolute.
   */
  substitute(file: string): string | undefined
  /** Makes what can stand for the vocabulary from the next build on. Does nothing where that is there. Never throws. */
  keep(): Promise<void>
}

/** What is known of bundled modules. */
interface Manifest {
  /** What they were bundled from: path, size and time of each file. */
  readonly inputs: readonly (readonly [file: string, size: number, timeMs: number])[]
  /** Their files, with digests. */
  readonly outputs: readonly (readonly [name: string, digest: string])[]
}

/**
 * Opens the vocabulary, as it was kept in a folder.
 *
 * @param cacheFolder `undefined`: nothing is kept.
 */
export function openVocabulary(cacheFolder: string | undefined): Vocabulary {
  const entries = locateEntries()
  const name = nameFolder(entries)
  const folder = cacheFolder === undefined ? undefined : join(cacheFolder, name)
  let isWhole = folder !== undefined && isKept(folder)
  const substitutes = new Map(Array.from(entries, ([entry, file]) => [file, `${entry}.mjs`]))

  function substitute(file: string): string | undefined {
    const output = substitutes.get(file)
    return isWhole && folder !== undefined && output !== undefined
      ? pathToFileURL(join(folder, output)).href
      : undefined
  }

  return {
    get url() {
      const schema = entries.get('schema')
      return schema && (substitute(schema) ?? pathToFileURL(schema).href)
    },
    substitute,
    keep: async () => {
      if (isWhole || folder === undefined || cacheFolder === undefined || entries.size < ENTRIES.length) return
      await bundleInto(folder, entries).catch(() => undefined)
      isWhole = isKept(folder)
      removeForeign(cacheFolder, FOLDER_PREFIX, name)
    },
  }
}

const FOLDER_PREFIX = 'vocabulary-'

const MANIFEST = 'manifest.json'

const ENTRIES = [
  ['schema', 'netgen/schema'],
  ['typebox', 'typebox'],
] as const

/** The files of the vocabulary that belong to this netgen. */
function locateEntries(): ReadonlyMap<string, string> {
  const found = ENTRIES.map(([entry, specifier]) => [
    entry,
    attempt(() => fileURLToPath(import.meta.resolve(specifier))),
  ])
  return new Map(found.filter((pair): pair is [string, string] => pair[1] !== undefined))
}

function nameFolder(entries: ReadonlyMap<string, string>): string {
  const { version } = readOwnPackage()
  const digest = createHash('sha256').update(JSON.stringify([version, ...entries.values()]))
  return `${FOLDER_PREFIX}${digest.digest('base64url').slice(0, 22)}`
}

function isKept(folder: string): boolean {
  const found = readCacheEntry(join(folder, MANIFEST))
  const { inputs, outputs } = found ? (JSON.parse(found.toString()) as Manifest) : { inputs: [], outputs: [] }
  const areSame = inputs.every(([file, size, timeMs]) => {
    const status = statSync(file, { throwIfNoEntry: false })
    return status?.size === size && status.mtimeMs === timeMs
  })
  return outputs.length > 0 && areSame && outputs.every(([name, digest]) => digestFile(join(folder, name)) === digest)
}

function digestFile(path: string): string | undefined {
  return attempt(() => createHash('sha256').update(readFileSync(path)).digest('base64url'))
}

/** Bundled beside its place and renamed, so that nobody loads half of it. */
async function bundleInto(folder: string, entries: ReadonlyMap<string, string>): Promise<void> {
  const { bundleModules } = await import('./bundle.js')
  const { files, inputs } = await bundleModules(entries, fileURLToPath(OWN_FOLDER))
  const temporary = `${folder}.${process.pid}.tmp`
  try {
    mkdirSync(temporary, { recursive: true })
    for (const { name, text } of files) writeFileSync(join(temporary, name), text)
    const manifest: Manifest = {
      inputs: inputs.map((file) => [file, statSync(file).size, statSync(file).mtimeMs]),
      outputs: files.map(({ name }) => [name, digestFile(join(temporary, name)) ?? '']),
    }
    writeCacheEntry(join(temporary, MANIFEST), JSON.stringify(manifest))
    rmSync(folder, { recursive: true, force: true })
    renameSync(temporary, folder)
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}
