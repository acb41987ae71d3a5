import { nameBuiltin } from '../errors/builtin-errors.js'
import { type ErrorCode, isErrorCode } from '../errors/codes.js'
import { DeclaredError } from '../errors/declared-error.js'
import { isError, isInstance, readProperty } from '../errors/is-error.js'
import { NetgenError } from '../errors/netgen-error.js'
import { printValue } from '../errors/print-value.js'
import { type Skew, SkewError } from '../errors/skew-error.js'
import { copyJson } from './copy-json.js'
import type { DescriptionBudget } from './description-budget.js'
import type { CauseRecord } from './error-record.js'
import type { DeclaredErrors } from './revive-error.js'

/** The data of a declared error as it travels. May throw. */
export type EncodeData = DeclaredErrors['encodeData']

/** Where no data has a codec. */
export const keepData: EncodeData = (_errorName, data) => data

/** What a record says of an error's class, and the data that belongs to the class. */
export type ClassRecord = Pick<CauseRecord, 'kind' | 'name' | 'code' | 'data' | 'skew'>

/** What class of error was thrown. Never throws. */
export function describeClass(
  thrown: unknown,
  encodeData: EncodeData,
  pointer: string,
  budget: DescriptionBudget,
): ClassRecord {
  if (!isError(thrown)) return { kind: 'other', name: 'Error' }
  if (isInstance(thrown, DeclaredError)) {
    const declared = describeDeclared(thrown, encodeData, pointer, budget)
    if (declared !== undefined) return declared
  }
  const name = readName(thrown, budget)
  if (isInstance(thrown, NetgenError)) {
    const code = readCode(thrown)
    // A class that was unknown to this peer when the error came from another one.
    const isForeign = code === 'unknown' && name !== 'NetgenError'
    return { kind: isForeign ? 'other' : 'netgen', name, code, ...describeSkew(thrown, budget) }
  }
  const builtin = nameBuiltin(thrown)
  return builtin === undefined ? { kind: 'other', name } : { kind: 'builtin', name: builtin }
}

/** The message of whatever was thrown. Never throws. */
export function describeMessage(thrown: unknown, budget: DescriptionBudget): string {
  if (!isError(thrown)) return budget.takeMessage(`${printValue(thrown)} was thrown, which is no Error`)
  const message = readProperty(thrown, 'message')
  return budget.takeMessage(typeof message === 'string' ? message : printValue(message))
}

/** undefined where the data cannot travel: it would take the whole answer with it, and without it the class is not that. */
function describeDeclared(
  error: Error,
  encodeData: EncodeData,
  pointer: string,
  budget: DescriptionBudget,
): ClassRecord | undefined {
  const name = readProperty(error, 'errorName')
  if (typeof name !== 'string') return undefined
  const encoded = encode(() => encodeData(name, readProperty(error, 'data')))
  // As the schema has them, data are not touched.
  const copy = encoded.ok ? copyJson(encoded.value, budget.dataBytesLeft, (text) => text) : encoded
  if (!copy.ok) {
    budget.cut(`${pointer}/data`, copy.problem)
    return undefined
  }
  budget.dataBytesLeft -= copy.bytes
  return { kind: 'declared', name: budget.takeName(name), code: readCode(error), data: copy.value }
}

function describeSkew(error: Error, budget: DescriptionBudget): { skew?: Skew } {
  if (!isInstance(error, SkewError)) return {}
  const { tag, caller, callee } = error.skew
  return { skew: { tag: budget.takeName(tag), caller: budget.takeName(caller), callee: budget.takeName(callee) } }
}

function encode(run: () => unknown): { ok: true; value: unknown } | { ok: false; problem: string } {
  try {
    return { ok: true, value: run() }
  } catch {
    // A user's codec or getter.
    return { ok: false, problem: 'it cannot be encoded' }
  }
}

function readCode(error: Error): ErrorCode {
  const code = readProperty(error, 'code')
  return isErrorCode(code) ? code : 'unknown'
}

function readName(error: Error, budget: DescriptionBudget): string {
  const name = readProperty(error, 'name')
  return typeof name === 'string' && name !== '' ? budget.takeName(name) : 'Error'
}
