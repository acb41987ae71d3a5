import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseTsconfig } from 'get-tsconfig'

/** What a tsconfig file says about files that netgen writes, with all that it extends. */
export interface Tsconfig {
  /** Absolute. */
  readonly file: string
  /** Whether `tsc` writes JavaScript or declarations by it. */
  readonly emits: boolean
  /** Whether relative imports may end in `.ts`. */
  readonly allowsTsEndings: boolean
  /** Whether it names no file of its own, only other projects. */
  readonly isSolution: boolean
  /** The tsconfig files of the projects that it refers to, absolute. */
  readonly references: readonly string[]
}

/** Reads a tsconfig file. Comments and trailing commas are allowed. Throws where it, or one that it extends, cannot be read. */
export function readTsconfig(file: string): Tsconfig {
  const { compilerOptions = {}, files, include, references = [] } = parseTsconfig(file)
  const { noEmit, allowImportingTsExtensions, rewriteRelativeImportExtensions } = compilerOptions
  return {
    file,
    emits: noEmit !== true,
    allowsTsEndings: allowImportingTsExtensions === true || rewriteRelativeImportExtensions === true,
    isSolution: files?.length === 0 && include === undefined,
    references: references.map(({ path }) => locateReference(resolve(dirname(file), path))),
  }
}

/** Finds the nearest tsconfig.json at or above a folder, which need not be there yet. */
export function findTsconfig(folder: string): string | undefined {
  const file = join(folder, 'tsconfig.json')
  if (existsSync(file)) return file
  const above = dirname(folder)
  return above === folder ? undefined : findTsconfig(above)
}

/** Lists the other tsconfig files beside one, as tsconfig.build.json, absolute and sorted. */
export function listTsconfigsBeside(file: string): string[] {
  const folder = dirname(file)
  const names = readdirSync(folder).filter((name) => /^tsconfig\..+\.json$/.test(name))
  return names.sort().map((name) => join(folder, name))
}

function locateReference(path: string): string {
  return path.endsWith('.json') ? path : join(path, 'tsconfig.json')
}
