import type { Documentation } from '../source/source-index.js'

/** A TypeScript type as plain data, before it is text. */
export type TypeNode =
  | { readonly kind: 'keyword'; readonly keyword: KeywordTypeName }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'template'; readonly parts: readonly (string | TypeNode)[] }
  | { readonly kind: 'array'; readonly element: TypeNode; readonly readonly: boolean }
  | { readonly kind: 'tuple'; readonly elements: readonly TupleElement[]; readonly readonly: boolean }
  | { readonly kind: 'object'; readonly members: readonly Member[] }
  | { readonly kind: 'record'; readonly key: TypeNode; readonly value: TypeNode }
  | { readonly kind: 'union'; readonly arms: readonly TypeNode[] }
  | { readonly kind: 'intersection'; readonly arms: readonly TypeNode[] }
  | { readonly kind: 'exclusion'; readonly from: TypeNode; readonly excluded: TypeNode }
  | { readonly kind: 'reference'; readonly name: string }
  /** A class of the language or its platform. */
  | { readonly kind: 'class'; readonly name: ClassName; readonly parameters: readonly TypeNode[] }
  /** What the compiler infers for a part of an export of the schema file: no text of the model's could say it. */
  | { readonly kind: 'inferred'; readonly exportName: string; readonly path: readonly (string | number)[] }

/** Classes that values of netgen's codecs have. */
export type ClassName = 'Date' | 'Map' | 'Set' | 'URL' | 'Uint8Array'

/** Types that are a word of the language. */
export type KeywordTypeName =
  | 'any'
  | 'unknown'
  | 'never'
  | 'null'
  | 'boolean'
  | 'number'
  | 'bigint'
  | 'string'
  | 'object'
  | 'undefined'

/** A property of an object type. */
export interface Member {
  readonly name: string
  readonly type: TypeNode
  readonly optional: boolean
  readonly readonly: boolean
  readonly documentation?: Documentation
}

/** An element of a tuple type. Only the last may be `rest`; its type is then that of each further element. */
export interface TupleElement {
  readonly type: TypeNode
  readonly form: 'required' | 'optional' | 'rest'
}

/** Makes the node of a keyword type. */
export function createKeywordType(keyword: KeywordTypeName): TypeNode {
  return { kind: 'keyword', keyword }
}
