import { easeOwnChecks } from './ease-own-checks.js'

/** Checks as code without imports and exports. */
export interface StandaloneChecks {
  readonly code: string
  /** The function that checks each part. */
  readonly functions: ReadonlyMap<string, string>
  /** The helpers that the code uses. */
  readonly helpers: readonly string[]
}

// ajv writes one statement a line, and escapes line ends in literals: so a line that begins like this is ajv's own.
const USE_STRICT = /^"use strict";\n?/
const EXPORT = /^export const (\w+) = (validate\d+);/gm
const SCHEMA = /^const (schema\d+) = .*;$/gm
const REQUIRE_EQUAL = /^const (func\d+) = require\("ajv\/dist\/runtime\/equal"\)\.default;$/gm
const ANY_REQUIRE = /^const \w+ = require\(.*$/m

/**
 * Makes clean ESM of the code that ajv writes: even for ESM it requires its own helpers, which the runtime has as well.
 *
 * @param helperNames Names that the code may use without declaring them.
 */
export function rewriteStandalone(code: string, helperNames: readonly string[]): StandaloneChecks {
  const functions = new Map(Array.from(code.matchAll(EXPORT), ([, part = '', name = '']) => [part, name]))
  const ownNames = code.replace(USE_STRICT, '').replace(EXPORT, '').replace(REQUIRE_EQUAL, 'const $1 = isDeepEqual;')
  const bare = stripLiterals(ownNames)
  const clean = ownNames
    .replace(SCHEMA, (line: string, name: string) => (countUses(bare, name) > 1 ? line : ''))
    .replace(/\n{2,}/g, '\n')
    .trim()
  const left = ANY_REQUIRE.exec(clean)
  if (left) throw new Error(`ajv's code still has ${JSON.stringify(left[0])}, which has no place in the runtime`)
  return { code: easeOwnChecks(clean), functions, helpers: helperNames.filter((name) => countUses(bare, name) > 0) }
}

function stripLiterals(code: string): string {
  return code.replace(/"(?:[^"\\\n]|\\.)*"/g, '""')
}

function countUses(bareCode: string, name: string): number {
  return bareCode.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0
}
