import { printValue } from '../errors/print-value.js'
import { suggest } from '../errors/suggest.js'
import { resolvePointer } from '../wire/json-pointer.js'
import type { Violation } from './validate.js'

/** What is wrong with a value, in words: where, what came, what was expected, and which name may have been meant. */
export function explainViolation(violation: Violation, value: unknown): string {
  const found = resolvePointer(value, violation.instancePath)
  const at = violation.instancePath === '' ? 'it' : violation.instancePath
  const { params } = violation
  switch (violation.keyword) {
    case 'required':
      return `${at} lacks ${printValue(params['missingProperty'])}${suggestPresent(String(params['missingProperty']), found)}`
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const name = params['additionalProperty'] ?? params['unevaluatedProperty']
      return `${at} has ${printValue(name)}, which is not declared`
    }
    case 'discriminator':
      return `${at} is ${printValue(found)}, whose ${printValue(params['tag'])} fits none of the alternatives`
    default:
      return `${at} is ${printValue(found)}, expected ${expect(violation)}`
  }
}

function suggestPresent(missing: string, found: unknown): string {
  if (typeof found !== 'object' || found === null) return ''
  const near = suggest(missing, Object.keys(found))
  return near === undefined ? '' : `; did you mean it by ${printValue(near)}?`
}

/** How each keyword of JSON Schema is said after "expected". */
const EXPECTATIONS: Readonly<Record<string, (params: Violation['params']) => string>> = {
  type: ({ type }) => nameType(String(type)),
  const: ({ allowedValue }) => printValue(allowedValue),
  enum: ({ allowedValues }) => `one of ${printChoices(allowedValues)}`,
  minLength: ({ limit }) => `at least ${limit} characters`,
  maxLength: ({ limit }) => `at most ${limit} characters`,
  pattern: ({ pattern }) => `a text that matches ${pattern}`,
  format: ({ format }) => `the format ${printValue(format)}`,
  minimum: ({ limit }) => `at least ${limit}`,
  maximum: ({ limit }) => `at most ${limit}`,
  exclusiveMinimum: ({ limit }) => `more than ${limit}`,
  exclusiveMaximum: ({ limit }) => `less than ${limit}`,
  multipleOf: ({ multipleOf }) => `a multiple of ${multipleOf}`,
  minItems: ({ limit }) => `at least ${limit} items`,
  maxItems: ({ limit }) => `at most ${limit} items`,
  uniqueItems: ({ i, j }) => `no two equal items, as ${j} and ${i} are`,
  minProperties: ({ limit }) => `at least ${limit} properties`,
  maxProperties: ({ limit }) => `at most ${limit} properties`,
  anyOf: () => 'one of the alternatives of the schema',
  oneOf: () => 'exactly one of the alternatives of the schema',
  not: () => 'another value',
  'false schema': () => 'nothing here',
}

function expect(violation: Violation): string {
  const expectation = Object.hasOwn(EXPECTATIONS, violation.keyword) ? EXPECTATIONS[violation.keyword] : undefined
  return expectation?.(violation.params) ?? violation.message ?? `what ${violation.keyword} asks for`
}

const MAX_CHOICES = 8

function printChoices(values: unknown): string {
  if (!Array.isArray(values)) return 'the allowed values'
  const shown = values.slice(0, MAX_CHOICES).map(printValue).join(', ')
  return values.length > MAX_CHOICES ? `${shown}, … (${values.length} in all)` : shown
}

function nameType(type: string): string {
  if (type === 'null') return 'null'
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`
}
