import { type CheckedSchemas, type ChecksCode, compileChecks } from './compile-checks.js'

/** What became of one declaration's schemas. `refusal` holds ajv's words. */
export type CompiledChecks =
  | { readonly ok: true; readonly checks: ChecksCode }
  | { readonly ok: false; readonly refusal: string }

/** Compiles the checks of declarations, each by itself: what ajv refuses of one does no harm to another. */
export function compileAll(all: readonly CheckedSchemas[]): CompiledChecks[] {
  return all.map((schemas) => {
    try {
      return { ok: true, checks: compileChecks(schemas) }
    } catch (error) {
      return { ok: false, refusal: error instanceof Error ? error.message : String(error) }
    }
  })
}
