import type { IncomingCall, Interceptor, Interceptors, OutgoingCall } from '../api/interceptor.js'
import { createIncomingInterceptors, type IncomingInterceptors } from '../call/interceptors/intercept-incoming.js'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import { hintAt } from '../errors/suggest.js'

/** The interceptors of a peer, each side's undefined where it has none. */
export interface InterceptorSettings {
  readonly caller: readonly Interceptor<OutgoingCall>[] | undefined
  readonly callee: IncomingInterceptors | undefined
}

const SIDES: readonly (keyof Interceptors)[] = ['caller', 'callee']

/** Reads `createPeer({ interceptors })`. Throws `invalid_argument` for what is no list of functions for each side. */
export function readInterceptors(interceptors: unknown): InterceptorSettings {
  if (interceptors === undefined) return { caller: undefined, callee: undefined }
  if (typeof interceptors !== 'object' || interceptors === null || Array.isArray(interceptors)) {
    throw refuseOption(
      'interceptors',
      interceptors,
      'an object with lists for one side or both: { caller: [], callee: [] }',
    )
  }
  for (const key of Object.keys(interceptors)) {
    if (!SIDES.some((side) => side === key)) throw refuseSide(key)
  }
  const { caller, callee } = interceptors as Readonly<Record<string, unknown>>
  const incoming = readList<readonly Interceptor<IncomingCall>[]>('callee', callee)
  return { caller: readList('caller', caller), callee: incoming && createIncomingInterceptors(incoming) }
}

function readList<List extends readonly unknown[]>(side: string, list: unknown): List | undefined {
  if (list === undefined) return undefined
  if (!Array.isArray(list))
    throw refuseOption(`interceptors.${side}`, list, 'a list of functions (call, next) => next()')
  for (const [index, interceptor] of list.entries()) {
    if (typeof interceptor === 'function') continue
    throw refuseOption(`interceptors.${side}[${index}]`, interceptor, 'a function (call, next) => next()')
  }
  // A copy: what is added later would never run for some calls, and not for others. What a function takes, only its author knows.
  return list.length === 0 ? undefined : (Object.freeze([...list]) as unknown as List)
}

function refuseSide(key: string): Error {
  const hint = hintAt(key, SIDES)
  return refuse('invalid_argument', `option ${printValue(`interceptors.${key}`)} of createPeer is unknown: ${hint}`)
}

function refuseOption(option: string, value: unknown, expected: string): Error {
  return refuse('invalid_argument', `option ${option} of createPeer is ${printValue(value)}, expected ${expected}`)
}
