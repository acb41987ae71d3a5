import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, extname, resolve } from 'node:path'
import type { BuildFailure, BuildOptions, Message, OnResolveArgs, Plugin } from 'esbuild'
import type { BundleError, BundleResult, ImportRecord, UnresolvedImport } from './bundle-result.js'
import { markExternal, replaceMarks, type Substitute } from './external-marks.js'
import { addImportMeta, IMPORT_META_DEFINITIONS, IMPORT_META_PREFIX, writeImportMetaModule } from './import-meta.js'

// An import would have it searched for exports first, which takes twice as long as loading it.
const esbuild: typeof import('esbuild') = createRequire(import.meta.url)('esbuild')

const SHARED_OPTIONS = {
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'es2022',
  supported: { 'import-attributes': true, 'top-level-await': true },
  // Packages are found by the conditions that Node itself has, without the `module` that bundlers add.
  conditions: [],
  // A file with side effects is run like any other: `"sideEffects": false` is meant for bundles that are shipped.
  ignoreAnnotations: true,
  charset: 'utf8',
  logLevel: 'silent',
} satisfies BuildOptions

/**
 * Bundles a schema file with the TypeScript that it imports: relative files, path aliases, `#imports` and workspace packages.
 * Packages of JavaScript stay outside, each under its absolute `file:` URL, so that the bundle runs from anywhere.
 *
 * @param file Absolute.
 * @param substitute What can stand for packages. Default: nothing but themselves.
 */
export async function bundleSchema(file: string, substitute: Substitute = () => undefined): Promise<BundleResult> {
  const folder = dirname(file)
  const inputs = new Set<string>()
  const imports: ImportRecord[] = []
  try {
    const { code, isCommonJs } = await bundle(file, inputs, imports)
    const makeSourceMap = async (): Promise<string | undefined> => {
      const again = await bundle(file, new Set(), [], 'external')
      return again.code === code ? makeSourcesAbsolute(again.map, folder) : undefined
    }
    const marked = replaceMarks({ code, imports }, substitute)
    return { ...marked, isCommonJs, makeSourceMap, errors: [], inputs: [...inputs] }
  } catch (error) {
    if (!isBuildFailure(error)) throw error
    const errors = error.errors.map((message) => readMessage(message, folder))
    return { code: '', makeSourceMap: async () => undefined, errors, inputs: [...inputs], imports }
  }
}

async function bundle(
  file: string,
  inputs: Set<string>,
  imports: ImportRecord[],
  sourcemap: 'external' | false = false,
): Promise<{ readonly code: string; readonly isCommonJs: boolean; readonly map: string }> {
  const folder = dirname(file)
  const { outputFiles, metafile } = await esbuild.build({
    ...SHARED_OPTIONS,
    // A path would be searched for wildcards.
    entryPoints: [ENTRY],
    absWorkingDir: folder,
    outdir: folder,
    sourcemap,
    sourcesContent: false,
    metafile: true,
    define: IMPORT_META_DEFINITIONS,
    plugins: [createResolver(inputs, imports, file)],
  })
  const map = outputFiles.find(({ path }) => path.endsWith('.map'))?.text ?? '{}'
  const entry = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint !== undefined)?.entryPoint ?? ''
  return { code: outputFiles.at(-1)?.text ?? '', isCommonJs: metafile.inputs[entry]?.format === 'cjs', map }
}

/**
 * Bundles a program of netgen's own for another process or thread, from its `.ts` sources as well as from its `.js` in `dist`.
 *
 * @param statement An import of the program, without file ending.
 * @param folder What the import is relative to.
 */
export async function bundleProgram(statement: string, folder: string): Promise<string> {
  const imports: ImportRecord[] = []
  const { outputFiles } = await esbuild.build({
    ...SHARED_OPTIONS,
    stdin: { contents: statement, resolveDir: folder },
    define: IMPORT_META_DEFINITIONS,
    plugins: [createResolver(new Set(), imports)],
  })
  return replaceMarks({ code: outputFiles[0]?.text ?? '', imports }, () => undefined).code
}

/** Modules in few files. */
export interface BundledModules {
  readonly files: readonly { readonly name: string; readonly text: string }[]
  /** The files that they were bundled from, absolute. */
  readonly inputs: readonly string[]
}

/**
 * Bundles modules with all that they import, each into a file of its name and the ending .mjs; what they have in common stands
 * in further files.
 *
 * @param entries Absolute paths, by name.
 */
export async function bundleModules(entries: ReadonlyMap<string, string>, folder: string): Promise<BundledModules> {
  const { outputFiles, metafile } = await esbuild.build({
    ...SHARED_OPTIONS,
    entryPoints: Array.from(entries, ([out, path]) => ({ in: path, out })),
    absWorkingDir: folder,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    splitting: true,
    metafile: true,
  })
  return {
    files: outputFiles.map(({ path, text }) => ({ name: basename(path), text })),
    inputs: Object.keys(metafile.inputs).map((path) => resolve(folder, path)),
  }
}

/** Stands for the schema file. */
const ENTRY = 'schema'

function createResolver(inputs: Set<string>, imports: ImportRecord[], entry?: string): Plugin {
  // Marks the resolver's own questions to esbuild, which come by here again.
  const ownQuestion = Symbol('own question')
  return {
    name: 'netgen',
    setup({ onLoad, onResolve, resolve: ask }) {
      onResolve({ filter: /.*/ }, async (args) => {
        if (args.pluginData === ownQuestion) return undefined
        const { path: specifier, importer, resolveDir, kind } = args
        if (kind === 'entry-point' && entry !== undefined) return { path: entry }
        if (specifier.startsWith(IMPORT_META_PREFIX)) {
          return { path: specifier.slice(IMPORT_META_PREFIX.length), namespace: IMPORT_META_PREFIX }
        }
        const found = await ask(specifier, { importer, resolveDir, kind, with: args.with, pluginData: ownQuestion })
        // Without an entry's name the package has nothing but an error that says so.
        if (found.errors.length > 0 || specifier === 'netgen') {
          if (isPath(specifier)) inputs.add(resolve(resolveDir, specifier))
          return { errors: [{ text: 'import not found', detail: describeUnresolved(args, found.errors) }] }
        }
        const { path, external, namespace } = found
        const bundled = !external && (isPath(specifier) || !isPackageCode(path))
        const isRequired = kind.startsWith('require')
        imports.push({ importer, specifier, file: path, bundled, ...(isRequired && { isRequired }) })
        if (bundled || external) return { path, external, namespace }
        return { path: isRequired ? path : markExternal(path), external: true }
      })

      onLoad({ filter: /.*/, namespace: 'file' }, async ({ path }) => {
        inputs.add(path)
        const loader = LOADER_OF_ENDING.get(extname(path))
        if (!loader) return undefined
        const source = await readFile(path, 'utf8')
        return source.includes('import.meta') ? { contents: addImportMeta(source, path), loader } : undefined
      })

      onLoad({ filter: /.*/, namespace: IMPORT_META_PREFIX }, ({ path }) => ({ contents: writeImportMetaModule(path) }))
    },
  }
}

const LOADER_OF_ENDING: ReadonlyMap<string, 'ts' | 'tsx' | 'js' | 'jsx'> = new Map([
  ['.ts', 'ts'],
  ['.mts', 'ts'],
  ['.cts', 'ts'],
  ['.tsx', 'tsx'],
  ['.js', 'js'],
  ['.mjs', 'js'],
  ['.jsx', 'jsx'],
])

function isPath(specifier: string): boolean {
  return /^(\.{0,2}[\\/]|\.{1,2}$|[A-Za-z]:[\\/])/.test(specifier)
}

// What Node runs as it is. TypeScript, JSON and the like are bundled.
function isPackageCode(file: string): boolean {
  return ['', '.js', '.mjs', '.cjs', '.node'].includes(extname(file))
}

function describeUnresolved({ path, resolveDir }: OnResolveArgs, errors: readonly Message[]): UnresolvedImport {
  const hints = errors.flatMap(({ notes }) => notes.map(({ text }) => text))
  return { specifier: path, folder: resolveDir, hints }
}

function readMessage({ text, location, detail }: Message, folder: string): BundleError {
  const unresolved = isUnresolvedImport(detail) ? { unresolved: detail } : {}
  if (!location) return { text, ...unresolved }
  // esbuild counts columns in bytes, from 0.
  const before = Buffer.from(location.lineText).subarray(0, location.column).toString()
  const place = { file: resolve(folder, location.file), line: location.line, column: before.length + 1 }
  return { text, place, ...unresolved }
}

function makeSourcesAbsolute(sourceMap: string, folder: string): string {
  const map = JSON.parse(sourceMap) as { sources?: string[] }
  return JSON.stringify({ ...map, sources: map.sources?.map((source) => resolve(folder, source)) })
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors)
}

function isUnresolvedImport(detail: unknown): detail is UnresolvedImport {
  return typeof detail === 'object' && detail !== null && 'specifier' in detail
}
