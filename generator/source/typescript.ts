import { existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'
import type { ts as Compiler } from 'ts-morph'
import { readCacheEntry, removeForeign, writeCacheEntry } from '../cache/cache-entry.js'

/** The types of the compiler's tree. */
export type { ts as Syntax } from 'ts-morph'

/** TypeScript's compiler, as ts-morph brings it: its parser and its tree. ts-morph's own wrappers are quadratic in a loop. */
export type TypeScript = typeof Compiler

/** A compiler that was loaded. */
export interface LoadedTypeScript {
  readonly ts: TypeScript
  /**
   * Keeps what V8 made of the compiler's text until now, so that the next process has it in a third of the time. Does nothing
   * where that is kept already.
   */
  keep(): void
}

/**
 * Loads the compiler, which takes 200 ms, or 60 where an earlier process kept what V8 makes of its nine megabytes. Throws where
 * ts-morph is not installed.
 *
 * @param cacheFolder Where that is kept. Default: nowhere.
 */
export function loadTypeScript(cacheFolder?: string): LoadedTypeScript {
  const require = createRequire(import.meta.url)
  const ownRequire = createRequire(require.resolve('ts-morph'))
  const file = join(dirname(ownRequire.resolve('@ts-morph/common')), 'typescript.js')
  // Where another version of ts-morph has it elsewhere.
  if (!existsSync(file)) return { ts: (require('ts-morph') as { readonly ts: TypeScript }).ts, keep: () => undefined }

  const name = cacheFolder === undefined ? undefined : nameEntry(file)
  const entry = cacheFolder === undefined || name === undefined ? undefined : join(cacheFolder, name)
  const cachedData = entry === undefined ? undefined : readCacheEntry(entry)
  const script = new Script(`(function (${MODULE_NAMES}) {${readFileSync(file, 'utf8')}\n})`, {
    filename: file,
    ...(cachedData && { cachedData }),
  })
  const module = { exports: {} }
  const run = script.runInThisContext() as (...values: readonly unknown[]) => void
  run.call(module.exports, module.exports, createRequire(file), module, file, dirname(file))
  const isKept = cachedData !== undefined && script.cachedDataRejected !== true
  return {
    ts: module.exports as TypeScript,
    keep: () => {
      if (isKept || cacheFolder === undefined || entry === undefined || name === undefined) return
      writeCacheEntry(entry, script.createCachedData())
      removeForeign(cacheFolder, ENTRY_PREFIX, name)
    },
  }
}

/** What every module of CommonJS has. */
const MODULE_NAMES = 'exports, require, module, __filename, __dirname'

const ENTRY_PREFIX = 'typescript-'

// V8 itself refuses what another version or kind of it made, but of the text it looks at the length alone.
function nameEntry(file: string): string {
  const { version } = createRequire(file)('../package.json') as { readonly version: string }
  const { size, mtimeMs } = statSync(file)
  return `${ENTRY_PREFIX}${[version, size, Math.trunc(mtimeMs), process.version, process.arch].join('-')}`
}
