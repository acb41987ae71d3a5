import type { DiagnosticCode } from '../../diagnostics/catalogue.js'

/** Why a kind of schema is refused, and what to write instead. */
export interface Refusal {
  readonly code: DiagnosticCode
  /** Continues the name of the place. */
  readonly finding: string
  readonly remedy: string
}

const TEXT_REMEDY = "use Type.String({ format: 'date-time' }) and convert on both sides"
const INSTANTIATE_REMEDY = 'pass its type arguments, so that an ordinary type comes out'

/** The kinds that are refused, with the reason. Kinds of neither table are refused without one. */
export const REFUSED_KINDS: ReadonlyMap<string, Refusal> = new Map([
  ['Void', refuse('NG3007', 'is void, which is no value', 'leave it out, or use Type.Null()')],
  ['Undefined', refuseJson('undefined', 'use Type.Optional for what may be absent, and Type.Null() for no value')],
  ['BigInt', refuseJson('a bigint', "use Type.Integer() up to 2^53-1, or Type.String({ pattern: '^-?[0-9]+$' })")],
  ['Date', refuseJson('a Date', TEXT_REMEDY)],
  ['Symbol', refuseJson('a symbol', 'use Type.Literal with a string')],
  ['Function', refuseJson('a function', 'declare a connection for what is to be called')],
  ['Constructor', refuseJson('a constructor', 'send the data that it is called with')],
  ['Promise', refuseJson('a promise', 'use the type that it resolves to: every call is awaited anyway')],
  ['Iterator', refuseJson('an iterator', 'use Type.Array(...)')],
  ['AsyncIterator', refuseJson('an async iterator', 'use Type.Array(...)')],
  ['Uint8Array', refuseJson('a Uint8Array', "use Type.String({ format: 'byte' }), which is base64")],
  ['RegExp', refuseJson('a RegExp', 'use Type.String({ pattern: ... })')],
  ['TemplateLiteral', refuseKind('template literals', 'use Type.String({ pattern: ... })')],
  ['Not', refuseKind('Type.Not', 'say what is allowed instead')],
  ['Dependent', refuseKind('Type.Dependent', 'use Type.Union of the cases')],
  ['Base', refuseKind('classes of schemas', 'use the functions of Type')],
  ['Rest', refuseKind('Type.Rest outside of a tuple', 'use it as the last element of Type.Tuple')],
  ['Generic', refuseKind('generic types', INSTANTIATE_REMEDY)],
  ['Parameter', refuseKind('type parameters', INSTANTIATE_REMEDY)],
  ['Argument', refuseKind('type parameters', INSTANTIATE_REMEDY)],
  ['Infer', refuseKind('Type.Infer', INSTANTIATE_REMEDY)],
  ['Call', refuseKind('calls that were not resolved', INSTANTIATE_REMEDY)],
  ['Deferred', refuseKind('types that were not resolved', INSTANTIATE_REMEDY)],
  ['Mapped', refuseKind('mapped types that were not resolved', INSTANTIATE_REMEDY)],
  ['Computed', refuseKind('types that were not resolved', INSTANTIATE_REMEDY)],
  ['Identifier', refuseKind('identifiers', 'use the type that it names')],
])

/** The marks that are refused wherever they stand, with the reason. */
export const REFUSED_MARKS: ReadonlyMap<string, Refusal> = new Map([
  [
    'codec',
    refuse(
      'NG3003',
      'is a codec, whose functions cannot be generated',
      'declare the type that travels, and convert on both sides',
    ),
  ],
  [
    'refine',
    refuse(
      'NG3003',
      'has a refinement, whose function cannot be generated',
      'use keywords such as pattern or minimum, or check in the handler',
    ),
  ],
  [
    'unsafe',
    refuse('NG3003', 'is unsafe: its TypeScript type is not in the schema', 'write it with the functions of Type'),
  ],
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
