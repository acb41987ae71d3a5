import { isSuppressedError } from '../errors/builtin-errors.js'
import { isError, isInstance, readProperty } from '../errors/is-error.js'
import type { Hop } from '../errors/remote.js'
import { type Place, readHops } from '../traceback/join-traceback.js'
import { describeClass, describeMessage, type EncodeData } from './describe-class.js'
import { describeProperties } from './describe-properties.js'
import type { DescriptionBudget } from './description-budget.js'
import type { CauseRecord, NestedRecord } from './error-record.js'
import { MAX_CAUSE_DEPTH, MAX_ERRORS } from './limits.js'

/** Where errors are described, and how their data travel. */
export interface TreeOptions {
  readonly place: Place
  readonly encodeData: EncodeData
}

/** How far the rest of a chain is counted. */
const MAX_COUNTED = 10_000

/**
 * Writes down whatever was thrown, with its causes and parts, each error once: where it stands again, its place is named. What is
 * too deep or too much is replaced by an error that says how much it was. Never throws.
 */
export function describeTree(thrown: unknown, options: TreeOptions, budget: DescriptionBudget): CauseRecord {
  return new TreeWriter(options, budget).describe(thrown, '', 0)
}

class TreeWriter {
  readonly #options: TreeOptions
  readonly #budget: DescriptionBudget
  readonly #seen = new Map<unknown, string>()

  constructor(options: TreeOptions, budget: DescriptionBudget) {
    this.#options = options
    this.#budget = budget
  }

  describe(thrown: unknown, pointer: string, depth: number): CauseRecord {
    const budget = this.#budget
    budget.errorsLeft--
    const described = describeClass(thrown, this.#options.encodeData, pointer, budget)
    const record = { ...described, message: describeMessage(thrown, budget) }
    if (!isError(thrown)) return record
    this.#seen.set(thrown, pointer)
    const errors = readParts(thrown)
    const properties = describeProperties(thrown, described, errors !== undefined, pointer, budget)
    return {
      ...record,
      ...(properties === undefined ? {} : { properties }),
      ...(depth === 0 ? {} : this.#describeHops(thrown)),
      ...this.#describeProperty(thrown, 'cause', pointer, depth),
      ...(isSuppressedError(thrown) ? this.#describeSuppressed(thrown, pointer, depth) : {}),
      ...(errors === undefined ? {} : { errors: this.#describeParts(errors, `${pointer}/errors`, depth) }),
    }
  }

  /** A label without frames would only repeat the way that the error around it has taken. */
  #describeHops(error: Error): { hops?: Hop[] } {
    const hops = readHops(error, this.#options.place).filter(({ frames }) => frames.length > 0)
    return hops.length === 0 ? {} : { hops: this.#budget.takeHops(hops) }
  }

  #describeSuppressed(error: Error, pointer: string, depth: number): Partial<CauseRecord> {
    return {
      ...this.#describeProperty(error, 'error', pointer, depth),
      ...this.#describeProperty(error, 'suppressed', pointer, depth),
    }
  }

  #describeProperty(
    error: Error,
    key: 'cause' | 'error' | 'suppressed',
    pointer: string,
    depth: number,
  ): Partial<CauseRecord> {
    const nested = readProperty(error, key)
    return nested === undefined ? {} : { [key]: this.#nest(nested, `${pointer}/${key}`, depth + 1) }
  }

  #nest(thrown: unknown, pointer: string, depth: number): NestedRecord {
    const same = this.#seen.get(thrown)
    if (same !== undefined) return { same }
    if (depth <= MAX_CAUSE_DEPTH && this.#budget.errorsLeft > 0) return this.describe(thrown, pointer, depth)
    return this.#cut(pointer, countChain(thrown), 'causes')
  }

  #describeParts(parts: readonly unknown[], pointer: string, depth: number): NestedRecord[] {
    const records: NestedRecord[] = []
    for (let index = 0; index < parts.length; index++) {
      if (this.#budget.errorsLeft <= 0 || depth === MAX_CAUSE_DEPTH) {
        records.push(this.#cut(`${pointer}/${index}`, String(parts.length - index), 'parts'))
        break
      }
      records.push(this.#nest(readPart(parts, index), `${pointer}/${index}`, depth + 1))
    }
    return records
  }

  /** Stands where the rest would have stood, so that it is seen wherever the error is printed. */
  #cut(pointer: string, count: string, what: 'causes' | 'parts'): CauseRecord {
    const limit = `an error takes ${MAX_ERRORS - 1} others along, ${MAX_CAUSE_DEPTH} of them inside each other`
    this.#budget.cut(pointer, `${count} more ${what}`)
    return { kind: 'netgen', name: 'NetgenError', message: `${count} more ${what} were cut: ${limit}`, code: 'unknown' }
  }
}

/** The parts of an AggregateError, and of what is built like one. */
function readParts(error: Error): readonly unknown[] | undefined {
  const errors = readProperty(error, 'errors')
  if (!isArray(errors)) return undefined
  return isInstance(error, AggregateError) || isError(readPart(errors, 0)) ? errors : undefined
}

function isArray(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value)
  } catch {
    // A revoked proxy.
    return false
  }
}

function readPart(parts: readonly unknown[], index: number): unknown {
  return readProperty(parts as unknown as Error, String(index))
}

function countChain(thrown: unknown): string {
  const seen = new Set<unknown>()
  for (let at = thrown; isError(at) && !seen.has(at); at = readProperty(at, 'cause')) {
    if (seen.size === MAX_COUNTED) return `over ${MAX_COUNTED}`
    seen.add(at)
  }
  return String(Math.max(1, seen.size))
}
