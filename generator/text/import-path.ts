/** How an import of a neighbouring source file ends; `''`: without any ending. */
export type ImportEnding = '.js' | '.ts' | ''

/**
 * The path by which a module imports a source file: with the ending `.js`, `../schema.ts` becomes `../schema.js`, and
 * `../schema.mts` becomes `../schema.mjs`.
 *
 * @param path Relative to the module's folder, with slashes.
 */
export function toImportPath(path: string, ending: ImportEnding): string {
  const relative = path.startsWith('.') ? path : `./${path}`
  return relative.replace(/\.([cm]?)tsx?$/, (own, kind: string) => {
    if (ending === '.ts') return own
    // Nothing finds a module of a fixed kind without its ending.
    return ending === '' && kind === '' ? '' : `.${kind}js`
  })
}
