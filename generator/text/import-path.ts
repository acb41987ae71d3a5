const COMPILED_ENDINGS: ReadonlyMap<string, string> = new Map([
  ['.ts', '.js'],
  ['.tsx', '.js'],
  ['.mts', '.mjs'],
  ['.cts', '.cjs'],
])

/**
 * The path by which a module imports a source file: `../schema.ts` becomes `../schema.js`.
 *
 * @param path Relative to the module's folder, with slashes.
 */
export function toImportPath(path: string): string {
  const relative = path.startsWith('.') ? path : `./${path}`
  return relative.replace(/\.[cm]?tsx?$/, (ending) => COMPILED_ENDINGS.get(ending) ?? ending)
}
