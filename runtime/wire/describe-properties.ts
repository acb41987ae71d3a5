import { isSuppressedError } from '../errors/builtin-errors.js'
import { isInstance, readProperty } from '../errors/is-error.js'
import { NetgenError } from '../errors/netgen-error.js'
import { SkewError } from '../errors/skew-error.js'
import { readRemote } from '../traceback/join-traceback.js'
import { copyJson } from './copy-json.js'
import type { ClassRecord } from './describe-class.js'
import type { DescriptionBudget } from './description-budget.js'
import type { ErrorProperties } from './error-record.js'
import { appendPointer } from './json-pointer.js'

const MAX_PROPERTIES = 64

/** What a record says in another place, or the caller's peer says itself. */
const SAID_ELSEWHERE: ReadonlySet<string> = new Set([
  'name',
  'message',
  'stack',
  'cause',
  'remote',
  'maybeExecuted',
  '__proto__',
])

/** Which are errors themselves. */
const SAID_BY_SUPPRESSED_ERRORS: ReadonlySet<string> = new Set(['error', 'suppressed'])

const SAID_BY_NETGEN_ERRORS: ReadonlySet<string> = new Set(['code', 'errorName', 'data'])

/**
 * The own enumerable properties of an error that JSON holds; where it came from another peer, those that it had there too.
 * undefined where there are none. A built-in that was renamed has its `name` among them. `hasParts`: its `errors` are described as errors. Never throws.
 */
export function describeProperties(
  error: Error,
  { kind, name }: ClassRecord,
  hasParts: boolean,
  pointer: string,
  budget: DescriptionBudget,
): ErrorProperties | undefined {
  const described: Record<string, unknown> = {}
  const ownName = readProperty(error, 'name')
  // Of any other class the record has the name.
  if (kind === 'builtin' && typeof ownName === 'string' && ownName !== '' && ownName !== name) {
    described['name'] = budget.takeName(ownName)
  }
  const given = { ...readRemote(error)?.properties, ...readOwn(error, hasParts) }
  const entries = Object.entries(given).filter(([, value]) => value !== undefined)
  for (const [key, value] of entries.slice(0, MAX_PROPERTIES)) {
    const copy = copyJson(value, budget.propertyBytesLeft - key.length, budget.hidePlaces)
    if (copy.ok) {
      budget.propertyBytesLeft -= copy.bytes + key.length
      described[budget.takeName(key)] = copy.value
    } else budget.cut(appendPointer(`${pointer}/properties`, key), copy.problem)
  }
  if (entries.length > MAX_PROPERTIES) {
    budget.cut(`${pointer}/properties`, `${entries.length - MAX_PROPERTIES} of them were too many`)
  }
  return Object.keys(described).length === 0 ? undefined : described
}

function readOwn(error: Error, hasParts: boolean): Record<string, unknown> {
  const isNetgens = isInstance(error, NetgenError)
  const isSuppressed = isSuppressedError(error)
  const own: Record<string, unknown> = {}
  for (const key of listKeys(error)) {
    if (SAID_ELSEWHERE.has(key) || (isNetgens && SAID_BY_NETGEN_ERRORS.has(key))) continue
    if (isSuppressed && SAID_BY_SUPPRESSED_ERRORS.has(key)) continue
    if (key === 'skew' && isInstance(error, SkewError)) continue
    if (key !== 'errors' || !hasParts) own[key] = readProperty(error, key)
  }
  return own
}

function listKeys(error: Error): string[] {
  try {
    return Object.keys(error)
  } catch {
    // A proxy's trap.
    return []
  }
}
