import { printText, printValue } from '../errors/print-value.js'
import { MAX_CANDIDATES, suggest } from '../errors/suggest.js'
import { appendPointer, resolvePointer } from '../wire/json-pointer.js'
import type { Violation } from './validate.js'

/**
 * What is wrong with a value, in words: where, what came, what was expected (as the keyword says it, unless given), and
 * which name may have been meant.
 */
export function explainViolation(violation: Violation, value: unknown, expected?: string): string {
  const found = resolvePointer(value, violation.instancePath)
  const at = namePlace(violation.instancePath)
  const { params } = violation
  if (found instanceof Promise) return `${at} is ${printValue(found)}`
  switch (violation.keyword) {
    case 'required':
      return `${at} lacks ${printValue(params['missingProperty'])}${suggestPresent(String(params['missingProperty']), found)}`
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const name = params['additionalProperty'] ?? params['unevaluatedProperty']
      return `${at} has ${printValue(name)}, which is not declared`
    }
    case 'discriminator': {
      const tag = String(params['tag'])
      if (params['tagValue'] === undefined) return `${at} lacks ${printValue(tag)}, which tells the alternatives apart`
      const place = namePlace(appendPointer(violation.instancePath, tag))
      return `${place} is ${printValue(params['tagValue'])}, which is none of the alternatives`
    }
    default:
      return `${at} is ${printValue(found)}, expected ${expected ?? readExpectation(violation)}`
  }
}

const MAX_PLACE_LENGTH = 200

/** Keys come from outside: they may hold anything, at any length. */
function namePlace(pointer: string): string {
  return pointer === '' ? 'it' : printText(pointer, MAX_PLACE_LENGTH)
}

function suggestPresent(missing: string, found: unknown): string {
  if (typeof found !== 'object' || found === null) return ''
  // A property that is there and undefined is missing under its right name; of names that are numbered, each is a right one.
  const name = removeDigits(missing)
  const present = Object.keys(found).slice(0, MAX_CANDIDATES)
  const near = suggest(
    missing,
    present.filter((key) => removeDigits(key) !== name),
  )
  return near === undefined ? '' : `; did you mean it by ${printValue(near)}?`
}

function removeDigits(name: string): string {
  return name.replace(/\d/g, '')
}

/** How each keyword of JSON Schema is said after "expected". */
const EXPECTATIONS: Readonly<Record<string, (params: Violation['params']) => string>> = {
  type: ({ type }) => [type].flat().map(String).map(nameType).join(' or '),
  const: ({ allowedValue }) => printValue(allowedValue),
  enum: ({ allowedValues }) => `one of ${printChoices(allowedValues)}`,
  minLength: ({ limit }) => `at least ${count(limit, 'character')}`,
  maxLength: ({ limit }) => `at most ${count(limit, 'character')}`,
  pattern: ({ pattern }) => `a text that matches ${pattern}`,
  format: ({ format }) => `the format ${printValue(format)}`,
  minimum: ({ limit }) => `at least ${limit}`,
  maximum: ({ limit }) => `at most ${limit}`,
  exclusiveMinimum: ({ limit }) => `more than ${limit}`,
  exclusiveMaximum: ({ limit }) => `less than ${limit}`,
  multipleOf: ({ multipleOf }) => `a multiple of ${multipleOf}`,
  minItems: ({ limit }) => `at least ${count(limit, 'item')}`,
  maxItems: ({ limit }) => `at most ${count(limit, 'item')}`,
  // Of a tuple, whose further items are false.
  items: ({ limit }) => `at most ${count(limit, 'item')}`,
  contains: ({ minContains, maxContains }) =>
    maxContains === undefined
      ? `at least ${count(minContains, 'fitting item')}`
      : `${minContains} to ${maxContains} fitting items`,
  uniqueItems: ({ i, j }) => `no two equal items, as ${j} and ${i} are`,
  minProperties: ({ limit }) => `at least ${count(limit, 'property', 'properties')}`,
  maxProperties: ({ limit }) => `at most ${count(limit, 'property', 'properties')}`,
  anyOf: () => 'one of the alternatives of the schema',
  oneOf: () => 'exactly one of the alternatives of the schema',
  not: () => 'another value',
  'false schema': () => 'nothing here',
}

/** What a violation's keyword expects, in words that follow "expected". */
export function readExpectation({ keyword, params, message }: Violation): string {
  const expectation = Object.hasOwn(EXPECTATIONS, keyword) ? EXPECTATIONS[keyword] : undefined
  // ajv's own messages begin with "must".
  return expectation?.(params) ?? `a value that ${message ?? `must fit ${keyword}`}`
}

function count(limit: unknown, one: string, many = `${one}s`): string {
  return `${limit} ${limit === 1 ? one : many}`
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
