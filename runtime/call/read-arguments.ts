import type { CallAllOptions, CallOptions, CallQuorumOptions, CallTarget } from '../api/call.js'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import { hintAt } from '../errors/suggest.js'
import type { ConnectedConnection } from './connected-connection.js'

const CALL_OPTIONS: readonly (keyof CallOptions)[] = ['peer', 'timeoutMs', 'retryMs', 'signal', 'detached']
const CALL_ALL_OPTIONS: readonly (keyof CallAllOptions)[] = ['groups', 'hubsOnly', 'has', 'timeoutMs', 'signal']
const QUORUM_OPTIONS: readonly (keyof CallQuorumOptions)[] = ['count', ...CALL_ALL_OPTIONS]

/** What a stub's function was called with, taken apart. */
export interface Arguments<Options> {
  readonly input: unknown
  readonly options: Options
}

/** Reads the arguments of a call. Throws `invalid_argument` for what no such call takes, before anything runs. */
export function readCallArguments(connection: ConnectedConnection, args: readonly unknown[]): Arguments<CallOptions> {
  return readArguments(connection, args, CALL_OPTIONS)
}

/** The same for a call to all peers. */
export function readCallAllArguments(
  connection: ConnectedConnection,
  args: readonly unknown[],
): Arguments<CallAllOptions> {
  return readArguments(connection, args, CALL_ALL_OPTIONS)
}

/** The same for a call that so many peers have to answer. */
export function readQuorumArguments(
  connection: ConnectedConnection,
  args: readonly unknown[],
): Arguments<CallAllOptions> & { readonly count: number } {
  const { input, options } = readArguments(connection, args, QUORUM_OPTIONS) as Arguments<Partial<CallQuorumOptions>>
  const { count, ...others } = options
  if (Number.isSafeInteger(count) && (count as number) >= 1) return { input, options: others, count: count as number }
  throw refuse(
    'invalid_argument',
    `option "count" of ${connection.tag} is ${printValue(count)}, expected a whole number from 1 on`,
  )
}

function readArguments(
  connection: ConnectedConnection,
  args: readonly unknown[],
  allowed: readonly string[],
): Arguments<object> {
  const { tag, descriptor } = connection
  const takesInput = descriptor.input !== 'none'
  const [input, options, surplus] = takesInput ? args : [undefined, ...args]
  if (surplus !== undefined || args.length > (takesInput ? 2 : 1)) {
    const shape = takesInput ? '(input, options)' : '(options): it takes no input'
    throw refuse('invalid_argument', `${tag} was called with ${args.length} arguments, expected ${shape}`)
  }
  if (options === undefined) return { input, options: {} }
  if (typeof options !== 'object' || options === null) {
    throw refuse(
      'invalid_argument',
      `options of ${tag} are ${printValue(options)}, expected an object such as { peer }`,
    )
  }
  // A list of the keys would be one more object for each call.
  for (const key in options) {
    // A mistyped `peer` would otherwise run the call here.
    if (!allowed.includes(key) && Object.hasOwn(options, key))
      throw refuse('invalid_argument', explainOption(tag, key, allowed, options))
  }
  const { signal } = options as { signal?: unknown }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw refuse('invalid_argument', `option "signal" of ${tag} is ${printValue(signal)}, expected an AbortSignal`)
  }
  const { detached } = options as { detached?: unknown }
  if (detached !== undefined && typeof detached !== 'boolean') {
    throw refuse('invalid_argument', `option "detached" of ${tag} is ${printValue(detached)}, expected true or false`)
  }
  return { input, options }
}

function explainOption(tag: string, key: string, allowed: readonly string[], options: object): string {
  if (allowed.includes('peer') && 'id' in options && 'port' in options) {
    return `options of ${tag} are a peer, expected an object such as { peer }: put it into one`
  }
  return `option ${printValue(key)} of ${tag} is unknown: ${hintAt(key, allowed)}`
}

/** Where the call goes; undefined: here. Throws for a `peer` that is there without a value: a routing mistake, not a local call. */
export function readTarget(options: CallOptions): CallTarget | undefined {
  if (!('peer' in options)) return undefined
  if (options.peer !== undefined && options.peer !== null) return options.peer
  throw refuse(
    'invalid_argument',
    `peer is ${printValue(options.peer)}, expected a peer, an id or host:port: leave it out to call here`,
  )
}
