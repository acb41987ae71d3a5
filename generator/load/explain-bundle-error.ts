import { readdirSync } from 'node:fs'
import { basename, dirname, extname, resolve } from 'node:path'
import { createDiagnostic } from '../diagnostics/create-diagnostic.js'
import type { Diagnostic } from '../diagnostics/diagnostic.js'
import { findNearest } from '../diagnostics/find-nearest.js'
import type { BundleError, UnresolvedImport } from './bundle-result.js'

/** Says what the bundler found wrong with a schema file, and what to do. */
export function explainBundleError(schemaFile: string, error: BundleError): Diagnostic {
  const place = error.place ?? { file: schemaFile }
  if (error.unresolved) {
    const message = `import ${JSON.stringify(error.unresolved.specifier)} cannot be found`
    return createDiagnostic('NG1002', { message, remedy: adviseOnImport(error.unresolved), place })
  }
  const missing = /^No matching export in "(.+)" for import "(.+)"$/.exec(error.text)
  if (missing) {
    const [, file = '', name = ''] = missing
    const message = `${JSON.stringify(basename(file))} exports no ${JSON.stringify(name)}`
    return createDiagnostic('NG1009', { message, remedy: 'export it there, or correct the name', place })
  }
  const message = error.text.charAt(0).toLowerCase() + error.text.slice(1)
  return createDiagnostic('NG1001', { message, remedy: 'correct the syntax and build again', place })
}

function adviseOnImport({ specifier, folder, hints }: UnresolvedImport): string {
  if (specifier.startsWith('.') || specifier.startsWith('/')) return adviseOnPath(resolve(folder, specifier), specifier)
  if (specifier.startsWith('#')) return 'add it to "imports" in the nearest package.json'
  if (/^[@~]?\//.test(specifier)) return 'add it to "paths" in the nearest tsconfig.json, or write a relative path'
  if (/^netgen(?:\/|$)/.test(specifier) && specifier !== 'netgen/schema')
    return 'a schema file imports from "netgen/schema"'
  const name = /^(@[^/]+\/[^/]+|[^/]+)/.exec(specifier)?.[0] ?? specifier
  if (hints.some((hint) => hint.includes('not exported by package'))) {
    return `the package is there, but its "exports" have no such entry: see the documentation of ${name}`
  }
  if (hints.some((hint) => hint.includes('was not found on the file system'))) {
    return 'the package is there, but the file that it names is not: build or install the package again'
  }
  return `run \`npm install ${name}\``
}

function adviseOnPath(path: string, specifier: string): string {
  const ending = extname(path)
  const wanted = basename(path, ending)
  const names = readFolder(dirname(path)).map((name) => basename(name, extname(name)))
  const nearest = findNearest(wanted, names)
  if (!nearest || nearest === wanted) return 'correct the path, or write the file'
  const suggestion = specifier.slice(0, specifier.length - basename(path).length) + nearest + ending
  return `did you mean ${JSON.stringify(suggestion)}?`
}

function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
