import { createBuiltin } from '../errors/builtin-errors.js'
import { DeclaredError, type DeclaredErrorOptions } from '../errors/declared-error.js'
import { NetgenError } from '../errors/netgen-error.js'
import type { Remote } from '../errors/remote.js'
import { SkewError } from '../errors/skew-error.js'
import { tellUnserved } from '../errors/unserved.js'
import type { CallSite } from '../traceback/call-site.js'
import { joinTraceback } from '../traceback/join-traceback.js'
import type { CauseRecord, ErrorRecord, NestedRecord } from './error-record.js'

/** The declared errors of a connection. */
export interface DeclaredErrors {
  /** The data of an error as it travels. Throws where it cannot. */
  encodeData(errorName: string, data: unknown): unknown
  /** The error with data that travelled, or undefined where it is not declared or the data does not fit. */
  create(errorName: string, data: unknown, options: DeclaredErrorOptions): DeclaredError | undefined
}

/** Whom the caller had asked, and for what. */
export interface Origin {
  /** The peer in words. */
  readonly peer: string
  readonly tag: string
}

/**
 * The error that a caller gets for what another peer wrote down: a declared error as its generated class, a built-in as its
 * own class, anything else as {@link NetgenError}; with the caller's frames first in its stack, its properties, and its causes and
 * parts as errors, cycles among them.
 */
export function reviveError(record: ErrorRecord, site: CallSite, origin: Origin, declared: DeclaredErrors): Error {
  const revival = new Revival(record, origin, declared)
  const error = revival.revive(record, '')
  if (!(error instanceof NetgenError)) define(error, 'maybeExecuted', record.maybeExecuted)
  joinTraceback(error, site, revival.locate(record))
  return record.unserved === undefined ? error : tellUnserved(error, record.unserved)
}

/** Remakes the errors of one record: each once, wherever it stands. */
class Revival {
  readonly #whole: ErrorRecord
  readonly #origin: Origin
  readonly #declared: DeclaredErrors
  readonly #revived = new Map<string, Error>()

  constructor(whole: ErrorRecord, origin: Origin, declared: DeclaredErrors) {
    this.#whole = whole
    this.#origin = origin
    this.#declared = declared
  }

  revive(record: CauseRecord, pointer: string): Error {
    const error = this.#create(record)
    // Before its causes: one of them may be this error again.
    this.#revived.set(pointer, error)
    for (const [key, value] of Object.entries(record.properties ?? {})) addProperty(error, key, value)
    for (const key of NESTED) {
      const nested = record[key] && this.#reviveNested(record[key], `${pointer}/${key}`)
      if (nested !== undefined) define(error, key, nested)
    }
    if (record.errors !== undefined) define(error, 'errors', this.#reviveParts(record.errors, `${pointer}/errors`))
    return error
  }

  /** Where an error of this record came from. */
  locate({ hops = [], properties = {} }: CauseRecord): Remote {
    const { errorId, cuts = [] } = this.#whole
    return { ...this.#origin, errorId, hops, properties, cuts }
  }

  #create(record: CauseRecord): Error {
    const { kind, name, message, properties, skew, code = 'unknown' } = record
    const { maybeExecuted } = this.#whole
    const error =
      (kind === 'declared' ? this.#declared.create(name, record.data, { message }) : undefined) ??
      withoutStack(
        () =>
          (kind === 'builtin' ? createBuiltin(name, message) : undefined) ??
          (skew === undefined ? undefined : new SkewError(message, skew, maybeExecuted)) ??
          new NetgenError(code, message, { maybeExecuted }),
      )
    // Whoever threw a class that is unknown here still reads its name.
    if (kind === 'declared' && !(error instanceof DeclaredError)) define(error, 'name', `${name}Error`)
    else if (kind === 'netgen' || kind === 'other') define(error, 'name', name)
    else if (kind === 'builtin' && typeof properties?.['name'] === 'string') define(error, 'name', properties['name'])
    return error
  }

  #reviveNested(nested: NestedRecord, pointer: string): Error | undefined {
    if ('same' in nested) return this.#revived.get(nested.same)
    const error = this.revive(nested, pointer)
    // It has no call site: its stack is its header, and the frames that it had there.
    joinTraceback(error, NO_SITE, this.locate(nested))
    return error
  }

  #reviveParts(parts: readonly NestedRecord[], pointer: string): Error[] {
    return parts
      .map((part, index) => this.#reviveNested(part, `${pointer}/${index}`))
      .filter((error) => error !== undefined)
  }
}

/** An error that gets its stack from elsewhere: that of its making is not even captured. */
function withoutStack(create: () => Error): Error {
  const limit = Error.stackTraceLimit
  // Where the intrinsics are frozen, it stays as it is.
  Reflect.set(Error, 'stackTraceLimit', 0)
  try {
    return create()
  } finally {
    Reflect.set(Error, 'stackTraceLimit', limit)
  }
}

const NESTED = ['cause', 'error', 'suppressed'] as const

const NO_SITE: CallSite = { stack: '' }

/** What an error of the class has itself, or inherits, is not written over. */
function addProperty(error: Error, key: string, value: unknown): void {
  if (key in error || RESERVED.has(key)) return
  Object.defineProperty(error, key, { value, writable: true, configurable: true, enumerable: true })
}

const RESERVED: ReadonlySet<string> = new Set(['cause', 'remote', 'maybeExecuted'])

function define(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, writable: true, configurable: true, enumerable: false })
}
