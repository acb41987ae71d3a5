import { readFileSync } from 'node:fs'
import { createDiagnostic } from '../diagnostics/create-diagnostic.js'
import type { Diagnostic, SourcePlace } from '../diagnostics/diagnostic.js'
import { locateOffset } from '../diagnostics/locate-offset.js'
import type { ImportRecord } from './bundle-result.js'

/**
 * Explains Node's refusal to link a name that a package does not export. `undefined` where the text is no such refusal, or
 * where the import stands in a package.
 */
export function explainMissingExport(errorText: string, imports: readonly ImportRecord[]): Diagnostic | undefined {
  const refusal = readRefusal(errorText)
  const records = imports.filter(({ url }) => url !== undefined && url === refusal?.url)
  const [first] = records
  if (!refusal || !first) return undefined
  const places = records.map((record) => findImportedName(record, refusal.name))
  return createDiagnostic('NG1009', {
    message: `${JSON.stringify(first.specifier)} exports no ${JSON.stringify(refusal.name)}`,
    remedy: adviseOnName(first.specifier),
    place: places.find((place) => place !== undefined) ?? { file: first.importer },
  })
}

function adviseOnName(specifier: string): string {
  return specifier.startsWith('netgen/') && specifier !== 'netgen/schema'
    ? 'a schema file imports from "netgen/schema"'
    : 'correct the name; a type is imported with `import type`'
}

function readRefusal(errorText: string): { readonly url: string; readonly name: string } | undefined {
  const esm = /^SyntaxError: The requested module '(.+?)' does not provide an export named '(.+?)'/.exec(errorText)
  if (esm?.[1] && esm[2]) return { url: esm[1], name: esm[2] }
  const commonJs = /^SyntaxError: Named export '(.+?)' not found\. The requested module '(.+?)'/.exec(errorText)
  if (commonJs?.[1] && commonJs[2]) return { url: commonJs[2], name: commonJs[1] }
  return undefined
}

// Node names no place: the statement is looked for in the source.
function findImportedName({ importer, specifier }: ImportRecord, name: string): SourcePlace | undefined {
  const source = readFileSync(importer, 'utf8')
  for (const statement of source.matchAll(/\b(?:import|export)\b([^'"]*)(['"])(.+?)\2/g)) {
    const [whole, names = '', , from] = statement
    const found = names.search(new RegExp(`(?<![\\w$])${escapePattern(name)}(?![\\w$])`, 'u'))
    if (from !== specifier || found < 0) continue
    return { file: importer, ...locateOffset(source, statement.index + whole.indexOf(names) + found) }
  }
  return undefined
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
