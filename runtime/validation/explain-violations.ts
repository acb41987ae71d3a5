import { explainViolation, readExpectation } from './explain-violation.js'
import type { Violation } from './validate.js'

/** Keywords that tell an alternative from the others, as opposed to those that find a fault inside of it. */
const TELLING: ReadonlySet<string> = new Set(['type', 'const', 'enum'])

/**
 * What is wrong with a value, from all that a check noted: the last is the outermost, and those before it are what each
 * alternative of a union lacked.
 *
 * Where one alternative alone was meant, its own fault is said; where none was, all that they expect.
 */
export function explainViolations(violations: readonly Violation[], value: unknown): string {
  const last = violations.at(-1)
  if (last === undefined) return 'it does not fit the schema'
  // Which branch was taken says nothing beside what it lacked.
  if (last.keyword === 'if' && violations.length > 1) return explainViolations(violations.slice(0, -1), value)
  const isUnmatched =
    last.keyword === 'anyOf' || (last.keyword === 'oneOf' && !Array.isArray(last.params['passingSchemas']))
  if (!isUnmatched) return explainViolation(last, value)
  const parts = violations.slice(0, -1)
  const faults = parts.filter((part) => part.instancePath !== last.instancePath || !TELLING.has(part.keyword))
  const [fault] = faults
  if (fault === undefined) return explainViolation(last, value, joinExpectations(parts))
  return explainViolation(faults.length === 1 ? fault : last, value)
}

const MAX_ALTERNATIVES = 8

function joinExpectations(parts: readonly Violation[]): string | undefined {
  const expectations = [...new Set(parts.map(readExpectation))]
  return expectations.length === 0 || expectations.length > MAX_ALTERNATIVES ? undefined : expectations.join(' or ')
}
