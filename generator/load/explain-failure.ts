import { createDiagnostic } from '../diagnostics/create-diagnostic.js'
import type { Diagnostic } from '../diagnostics/diagnostic.js'
import type { BundleResult } from './bundle-result.js'
import type { ChildOutcome } from './child-process.js'
import { explainMissingExport } from './explain-missing-export.js'
import { suggestBuilder } from './suggest-builder.js'
import { tracePlace } from './trace-place.js'

/** How a run can end without schemas. */
export type FailedOutcome = Extract<ChildOutcome, { readonly outcome: 'threw' | 'timed-out' | 'ended' }>

/** What comes of `Type.Optional(Late)` above the line of `Late`. */
const UNDEFINED_USED = /^TypeError: Cannot convert undefined or null to object/

const NO_FUNCTION = /^TypeError: (\S+) is not a function/

const UNKNOWN_NAME = /^ReferenceError: (\S+) is not defined/

/** Says why a schema file did not run to its end, and what to do. */
export async function explainFailure(
  schemaFile: string,
  outcome: FailedOutcome,
  { makeSourceMap, imports }: BundleResult,
  timeoutMs: number,
): Promise<Diagnostic> {
  const place = { file: schemaFile }
  if (outcome.outcome === 'threw') {
    const message = `schema file threw ${JSON.stringify(outcome.text)}`
    const remedy = findRemedy(outcome.text)
    const missing = explainMissingExport(outcome.text, imports)
    if (missing !== undefined) return missing
    const sourceMap = outcome.frames.length === 0 ? undefined : await makeSourceMap()
    const traced = sourceMap === undefined ? undefined : tracePlace(sourceMap, outcome.frames)
    return createDiagnostic('NG1004', { message, remedy, place: traced ?? place })
  }
  if (outcome.outcome === 'timed-out') {
    const message = `schema file did not come to its end within ${timeoutMs.toLocaleString('en-US')} ms`
    const remedy = 'it should only declare: take out the loop that does not end, or what waits for something outside'
    return createDiagnostic('NG1005', { message, remedy, place })
  }
  // Node's exit code for a main module whose top-level await never settled.
  if (outcome.exitCode === 13) {
    const message = 'schema file has a top-level await that never settles'
    return createDiagnostic('NG1006', { message, remedy: 'it should only declare: take out the `await`', place })
  }
  const how = outcome.signal ? `by signal ${JSON.stringify(outcome.signal)}` : `with exit code ${outcome.exitCode}`
  const message = `schema file ended its own process ${how}`
  const remedy = 'it should only declare: take out `process.exit`, or whatever else ends the process'
  return createDiagnostic('NG1007', { message, remedy, place })
}

function findRemedy(thrownText: string): string {
  if (UNDEFINED_USED.test(thrownText)) {
    return 'is something used before its declaration? declare it further up: until its line, a constant is undefined'
  }
  const [, called] = NO_FUNCTION.exec(thrownText) ?? []
  if (called !== undefined) {
    const hint = called.startsWith('Type.') ? suggestBuilder(called.slice('Type.'.length)) : undefined
    return `correct ${JSON.stringify(called)}: ${hint ?? 'there is no function of this name'}`
  }
  const [, name] = UNKNOWN_NAME.exec(thrownText) ?? []
  if (name === undefined) return 'a schema file runs once in every build: make it come to its end'
  return `declare ${name}, or import it: connection, event, flag, stream, Type and codecs such as date come from netgen/schema`
}
