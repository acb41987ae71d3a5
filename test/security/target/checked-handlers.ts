import type { Branch, Parcel, SchemaHandlers } from '../../../fixtures/hostile/generated/schema.js'

/** What ran, and what should not have. */
export interface Counts {
  /** Handlers that ran. */
  ran: number
  /** Handlers that were given what their schema does not allow, the first few in words. */
  violations: string[]
}

const MAX_TOLD = 10

/** Handlers that look at what they are given themselves, by checks that nobody generated. */
export class CheckedHandlers implements SchemaHandlers {
  readonly counts: Counts = { ran: 0, violations: [] }

  keep(parcel: Parcel): Parcel {
    return this.#check('keep', parcel, isParcel)
  }

  convert(input: Parameters<SchemaHandlers['convert']>[0]): number {
    return this.#check('convert', input, isConverted).data.length
  }

  climb(branch: Branch): number {
    return countBranches(this.#check('climb', branch, (value) => isBranch(value, 0)))
  }

  async *count(many: number): AsyncIterable<number> {
    this.#check('count', many, (value) => isWhole(value, 0, 100))
    for (let number = 0; number < many; number++) yield number
  }

  async sum(numbers: AsyncIterable<number>): Promise<number> {
    this.counts.ran++
    let sum = 0
    for await (const number of numbers) sum += this.#check('sum', number, (value) => isWhole(value, 0, 1_000))
    return sum
  }

  #check<Value>(name: string, value: Value, isRight: (value: unknown) => boolean): Value {
    this.counts.ran++
    if (!isRight(value) && this.counts.violations.length < MAX_TOLD) {
      this.counts.violations.push(`${name} was given ${String(JSON.stringify(value)).slice(0, 200)}`)
    }
    return value
  }
}

const PARCEL_KEYS = ['id', 'count', 'price', 'note', 'mail', 'labels', 'place', 'form', 'extras']

function isParcel(value: unknown): boolean {
  if (!isPlain(value) || Object.keys(value).some((key) => !PARCEL_KEYS.includes(key))) return false
  const { id, count, price, note, mail, labels, place, form, extras } = value
  const hasNote = Object.hasOwn(value, 'note')
  return (
    typeof id === 'string' &&
    isParcelId(id) &&
    isWhole(count, 0, 1_000) &&
    isNumber(price) &&
    price > 0 &&
    (!hasNote || isText(note, 1, 40)) &&
    typeof mail === 'string' &&
    mail.split('@').length === 2 &&
    !/\s/.test(mail) &&
    Array.isArray(labels) &&
    labels.length <= 8 &&
    labels.every((label) => isText(label, 0, 10)) &&
    new Set(labels).size === labels.length &&
    Array.isArray(place) &&
    place.length === 2 &&
    place.every(isNumber) &&
    isForm(form) &&
    isPlain(extras) &&
    Object.values(extras).every((extra) => typeof extra === 'boolean' || extra === null)
  )
}

/** Some small letters, a dash, and one to six digits; told without a regular expression, as the generated check has one. */
function isParcelId(id: string): boolean {
  const [letters = '', digits = '', ...others] = id.split('-')
  const areAll = (text: string, first: string, last: string): boolean =>
    text.length > 0 && [...text].every((character) => character >= first && character <= last)
  return others.length === 0 && areAll(letters, 'a', 'z') && areAll(digits, '0', '9') && digits.length <= 6
}

function isForm(value: unknown): boolean {
  if (!isPlain(value)) return false
  const { shape, radius, side } = value
  return (shape === 'circle' && isNumber(radius) && radius >= 0) || (shape === 'square' && isNumber(side) && side >= 0)
}

function isConverted(value: unknown): boolean {
  if (!isPlain(value)) return false
  const { at, size, data, ages, tags } = value
  return (
    at instanceof Date &&
    !Number.isNaN(at.getTime()) &&
    typeof size === 'bigint' &&
    data instanceof Uint8Array &&
    ages instanceof Map &&
    [...ages].every(([key, age]) => typeof key === 'string' && Number.isSafeInteger(age)) &&
    tags instanceof Set &&
    [...tags].every((tag) => typeof tag === 'string')
  )
}

/** As deep as a message may be. */
const MAX_LEVELS = 64

function isBranch(value: unknown, level: number): boolean {
  if (!isPlain(value) || level > MAX_LEVELS) return false
  const { name, branches } = value
  return isText(name, 0, 20) && Array.isArray(branches) && branches.every((branch) => isBranch(branch, level + 1))
}

function countBranches({ branches }: Branch): number {
  return branches.reduce((sum, branch) => sum + countBranches(branch), 1)
}

/** An object whose prototype is nobody's idea. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function isWhole(value: unknown, minimum: number, maximum: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= minimum && (value as number) <= maximum
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isText(value: unknown, minimum: number, maximum: number): boolean {
  if (typeof value !== 'string') return false
  const { length } = [...value]
  return length >= minimum && length <= maximum
}
