/** A user's own codec: a TypeBox schema that was made with `Type.Codec`. */
export interface OwnCodec {
  /** From what travels to what the application has. May throw. */
  decode(value: unknown): unknown
  /** The way back. May throw. */
  encode(value: unknown): unknown
}

/** What `typeof` would say of a JSON value, told apart as JSON does. */
export type JsonType = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object'

/** One of several forms that a value may have. What travels is told apart by its JSON type. */
export interface UnionArm {
  readonly types: readonly JsonType[]
  /** null where this form travels as it is. */
  readonly plan: CodecPlan | null
}

/**
 * Where in a value the forms that travel and those that the application has differ, and how: plain data, written by
 * `netgen build`. What a plan does not name travels as it is; a connection without such places has no plan at all.
 */
export type CodecPlan =
  | { readonly kind: 'date' | 'bigint' | 'bytes' | 'url' }
  /** Travels as an array of pairs. */
  | { readonly kind: 'map'; readonly key: CodecPlan | null; readonly value: CodecPlan | null }
  /** Travels as an array. */
  | { readonly kind: 'set'; readonly item: CodecPlan | null }
  | { readonly kind: 'array'; readonly item: CodecPlan }
  | { readonly kind: 'tuple'; readonly items: readonly (CodecPlan | null)[]; readonly rest: CodecPlan | null }
  /** Names and plans; a list, since a name may be `__proto__`. */
  | { readonly kind: 'object'; readonly properties: readonly (readonly [name: string, plan: CodecPlan])[] }
  /** Every property of an object. */
  | { readonly kind: 'record'; readonly value: CodecPlan }
  /** Several plans for one object, each for its own properties. */
  | { readonly kind: 'intersection'; readonly parts: readonly CodecPlan[] }
  | { readonly kind: 'union'; readonly arms: readonly UnionArm[] }
  /** Objects that are told apart by the value of one property. Values that are not named travel as they are. */
  | {
      readonly kind: 'variants'
      readonly property: string
      readonly arms: readonly (readonly [value: string | number | boolean | null, plan: CodecPlan])[]
    }
  /** A recursive plan: the function is called when the place is reached. */
  | { readonly kind: 'reference'; readonly plan: () => CodecPlan }
  /** A user's codec around what travels, which may have a plan of its own. */
  | { readonly kind: 'own'; readonly codec: OwnCodec; readonly inner: CodecPlan | null }

/** The plan of one event. */
export interface EventCodecs {
  readonly payload: CodecPlan | null
}

/** The plan of one flag. */
export interface FlagCodecs {
  readonly data: CodecPlan | null
}

/** The plans of one connection. */
export interface ConnectionCodecs {
  readonly input: CodecPlan | null
  readonly output: CodecPlan | null
  /** By error name; only errors whose data has a plan. */
  readonly errors: Readonly<Record<string, CodecPlan>>
}
