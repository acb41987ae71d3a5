import type { DiagnosticCode } from '../../diagnostics/catalogue.js'

/** Why a kind of schema is refused, and what to write instead. */
export interface Refusal {
  readonly code: DiagnosticCode
  /** Continues the name of the place. */
  readonly finding: string
  readonly remedy: string
}

const INSTANTIATE_REMEDY = 'pass its type arguments, so that an ordinary type comes out'

/** The kinds that are refused, with the reason. Kinds of neither table are refused without one. */
export const REFUSED_KINDS: ReadonlyMap<string, Refusal> = new Map([
  [
    'Void',
    refuse('NG3007', 'is void, which is no value', 'let it be the whole output, leave it out, or use Type.Null()'),
  ],
  ['Undefined', refuseJson('undefined', 'use Type.Optional for what may be absent, and Type.Null() for no value')],
  ['BigInt', refuseJson('a bigint', 'use bigint() of netgen/schema, or Type.Integer() up to 2^53-1')],
  ['Date', refuseJson('a Date', 'use date() of netgen/schema')],
  ['Symbol', refuseJson('a symbol', 'use Type.Literal with a string')],
  ['Function', refuseJson('a function', 'declare a connection for what is to be called')],
  ['Constructor', refuseJson('a constructor', 'send the data that it is called with')],
  ['Promise', refuseJson('a promise', 'use the type that it resolves to: every call is awaited anyway')],
  [
    'Iterator',
    refuseJson('an iterator', 'use stream(...) of netgen/schema as the whole input or output, or Type.Array(...)'),
  ],
  [
    'AsyncIterator',
    refuseJson(
      'an async iterator',
      'use stream(...) of netgen/schema as the whole input or output, or Type.Array(...)',
    ),
  ],
  ['Uint8Array', refuseJson('a Uint8Array', 'use bytes() of netgen/schema')],
  ['RegExp', refuseJson('a RegExp', 'use Type.String({ pattern: ... })')],
  ['Not', refuseKind('Type.Not', 'say what is allowed instead')],
  ['Base', refuseKind('classes of schemas', 'use the functions of Type')],
  ['Rest', refuseKind('Type.Rest outside of a tuple', 'use it as the last element of Type.Tuple')],
  ['Generic', refuseKind('generic types', INSTANTIATE_REMEDY)],
  ['Parameter', refuseKind('type parameters', INSTANTIATE_REMEDY)],
  ['Argument', refuseKind('type parameters', INSTANTIATE_REMEDY)],
  ['Infer', refuseKind('Type.Infer', INSTANTIATE_REMEDY)],
  ['Call', refuseKind('calls that were not resolved', INSTANTIATE_REMEDY)],
  [
    'Deferred',
    refuse(
      'NG3002',
      'is a type that TypeBox left unresolved, as Type.Script does inside a recursive type with what it has no arguments for yet, such as an optional member or with { ... }',
      'write the recursive type with Type.Cyclic, and options where they belong: Type.String({ minLength: 1 })',
    ),
  ],
  ['Mapped', refuseKind('mapped types that were not resolved', INSTANTIATE_REMEDY)],
  ['Computed', refuseKind('types that were not resolved', INSTANTIATE_REMEDY)],
  ['Identifier', refuseKind('identifiers', 'use the type that it names')],
])

/** Why a kind is refused that no table has. */
export function refuseUnknownKind(kind: string): Refusal {
  return refuseKind(kind === 'none' ? 'schemas without a kind' : `the kind ${JSON.stringify(kind)}`, 'use another type')
}

function refuse(code: DiagnosticCode, finding: string, remedy: string): Refusal {
  return { code, finding, remedy }
}

function refuseJson(what: string, remedy: string): Refusal {
  return refuse('NG3001', `is ${what}, which JSON cannot hold`, remedy)
}

function refuseKind(what: string, remedy: string): Refusal {
  return refuse('NG3002', `uses ${what}, which netgen does not support`, remedy)
}
