import type { DeadLetter, DurableStart, DurableSubscribeOptions, EmitOptions } from '../../api/durable-event.js'
import { printValue } from '../../errors/print-value.js'
import { refuse } from '../../errors/refuse.js'
import { hintAt } from '../../errors/suggest.js'

/** How a durable event is subscribed to, with all defaults. */
export interface DurableSettings {
  readonly name: string
  /** Undefined: not said. */
  readonly from: DurableStart | undefined
  readonly isOrdered: boolean
  readonly concurrency: number
  readonly maxDeliveries: number
  readonly backoffMs: number
  readonly silenceMs: number
  readonly signal: AbortSignal | undefined
  readonly onDeadLetter: ((letter: DeadLetter) => void) | undefined
}

const KNOWN: readonly (keyof DurableSubscribeOptions)[] = [
  'name',
  'from',
  'ordered',
  'concurrency',
  'maxDeliveries',
  'backoffMs',
  'silenceMs',
  'signal',
  'onDeadLetter',
]

/** What is said of live events alone: whoever declares one as durable later still has it in the code. */
const LIVE_ONLY = ['groups', 'hubsOnly', 'onHost', 'peers', 'self', 'onGap']

const MAX_CONCURRENCY = 1_000
const MIN_SILENCE_MS = 1_000
const MAX_SILENCE_MS = 3_600_000

/** The longest pause before an event comes again, in milliseconds. */
export const MAX_BACKOFF_MS = 300_000

/** Reads the options of a durable subscription. Throws `invalid_argument` for an unknown one, or a value that it does not take. */
export function readDurableOptions(tag: string, options: unknown): DurableSettings {
  if (typeof options !== 'object' || options === null) {
    const problem = options === undefined ? 'has no options' : `has the options ${printValue(options)}`
    throw refuse('invalid_argument', `a subscription to ${tag} ${problem}, expected ${EXAMPLE}`)
  }
  for (const key of Object.keys(options)) if (!KNOWN.some((known) => known === key)) throw refuseKey(tag, key)
  const given = options as Partial<DurableSubscribeOptions>
  const { from, ordered = false, concurrency = 1, maxDeliveries = 5, backoffMs = 1_000, silenceMs = 10_000 } = given
  const { signal, onDeadLetter } = given
  const name = readName(tag, given.name)
  const check = (key: string, value: unknown, isFit: boolean, expected: string): void => {
    if (isFit) return
    const what = `option "${key}" of the subscription ${printValue(name)} to ${tag}`
    throw refuse('invalid_argument', `${what} is ${printValue(value)}, expected ${expected}`)
  }
  check('from', from, isStart(from), '"new", "all", a Date, or { sequence } with a whole number from 1 on')
  check('ordered', ordered, typeof ordered === 'boolean', 'true or false')
  check('concurrency', concurrency, isWhole(concurrency, 1, MAX_CONCURRENCY), 'a whole number from 1 to 1000')
  check('concurrency', concurrency, !ordered || concurrency === 1, '1, or nothing, beside ordered: true')
  const isLimit = maxDeliveries === Number.POSITIVE_INFINITY || isWhole(maxDeliveries, 1, Number.MAX_SAFE_INTEGER)
  check('maxDeliveries', maxDeliveries, isLimit, 'a whole number from 1 on, or Infinity')
  check('backoffMs', backoffMs, isWhole(backoffMs, 0, MAX_BACKOFF_MS), 'a whole number from 0 to 300000')
  const isSilence = isWhole(silenceMs, MIN_SILENCE_MS, MAX_SILENCE_MS)
  check('silenceMs', silenceMs, isSilence, 'a whole number from 1000 to 3600000')
  check('signal', signal, signal === undefined || signal instanceof AbortSignal, 'an AbortSignal')
  const isHook = onDeadLetter === undefined || typeof onDeadLetter === 'function'
  check('onDeadLetter', onDeadLetter, isHook, 'a function')
  return { name, from, isOrdered: ordered, concurrency, maxDeliveries, backoffMs, silenceMs, signal, onDeadLetter }
}

/** Checks the name of a durable subscription. Throws `invalid_argument`. */
export function readName(tag: string, name: unknown): string {
  if (typeof name === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(name)) return name
  if (name === undefined) throw refuse('invalid_argument', `a subscription to ${tag} has no name, expected ${EXAMPLE}`)
  const expected = '1 to 64 of the characters A-Z, a-z, 0-9, _ and -'
  throw refuse('invalid_argument', `the name of a subscription to ${tag} is ${printValue(name)}, expected ${expected}`)
}

/** Reads the id of an emission. Throws `invalid_argument` for an unknown option, or an id that is none. */
export function readEmitId(tag: string, options: EmitOptions | undefined): string | undefined {
  if (options === undefined) return undefined
  if (typeof options !== 'object' || options === null)
    throw refuse('invalid_argument', `the options to emit ${tag} are ${printValue(options)}, expected { id }`)
  for (const key of Object.keys(options)) {
    if (key !== 'id')
      throw refuse('invalid_argument', `option ${printValue(key)} to emit ${tag} is unknown: expected id`)
  }
  const { id }: { readonly id?: unknown } = options
  if (id === undefined || (typeof id === 'string' && /^[A-Za-z0-9_.:-]{1,128}$/.test(id))) return id
  const expected = '1 to 128 of the characters A-Z, a-z, 0-9, _, ., : and -'
  throw refuse('invalid_argument', `option "id" to emit ${tag} is ${printValue(id)}, expected ${expected}`)
}

const EXAMPLE = "options such as { name: 'accounting' }: under its name the engine keeps its place"

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most
}

function isStart(from: unknown): boolean {
  if (from === undefined || from === 'new' || from === 'all') return true
  if (from instanceof Date) return !Number.isNaN(from.getTime())
  if (typeof from !== 'object' || from === null) return false
  const { sequence, ...rest } = from as { readonly sequence?: unknown }
  return Object.keys(rest).length === 0 && isWhole(sequence, 1, Number.MAX_SAFE_INTEGER)
}

function refuseKey(tag: string, key: string): Error {
  const what = `option ${printValue(key)} of a subscription to ${tag}`
  if (LIVE_ONLY.includes(key)) {
    const hint = 'leave it out: a durable one gets what any peer of its group emits'
    return refuse('invalid_argument', `${what} is for live events: ${hint}`)
  }
  return refuse('invalid_argument', `${what} is unknown: ${hintAt(key, KNOWN)}`)
}
