/** Where in a call of TypeBox, or of netgen, the parts of what it returns were written. Numbers count arguments from 0. */
export interface BuilderRule {
  /** Returns this argument, or what it is called on, changed in no way that a path could tell: the whole path goes on there. */
  readonly returns?: number | 'receiver'
  /** The argument that a keyword of the schema comes from. */
  readonly keywords?: Readonly<Record<string, number>>
  /** Keywords whose next key the builder makes up itself: the path goes on behind it. */
  readonly madeUp?: readonly string[]
  /** The keyword that its own keywords stand in. */
  readonly within?: string
}

/** By the name of the function. The options object, which is a call's last argument, needs no rule. */
export const BUILDER_RULES: ReadonlyMap<string, BuilderRule> = new Map<string, BuilderRule>([
  ...[
    'connection',
    'event',
    'flag',
    'Optional',
    'Readonly',
    'ReadonlyOptional',
    'Immutable',
    'Refine',
    'Codec',
    'Transform',
    'With',
  ].map((name): [string, BuilderRule] => [name, { returns: 0 }]),
  ...['Partial', 'Required', 'Pick', 'Omit', 'Evaluate', 'Module', 'Recursive'].map((name): [string, BuilderRule] => [
    name,
    { returns: 0 },
  ]),
  // `Type.Codec(schema).Decode(...).Encode(...)`.
  ['Decode', { returns: 'receiver' }],
  ['Encode', { returns: 'receiver' }],
  ['map', { within: 'x-netgen-codec', keywords: { key: 0, value: 1 } }],
  ['set', { within: 'x-netgen-codec', keywords: { item: 0 } }],
  ['stream', { keywords: { item: 0 } }],
  ['Object', { keywords: { properties: 0 } }],
  ['Interface', { keywords: { properties: 1 } }],
  ['Array', { keywords: { items: 0 } }],
  ['Tuple', { keywords: { items: 0, prefixItems: 0 } }],
  ['Union', { keywords: { anyOf: 0, oneOf: 0, enum: 0 } }],
  ['Intersect', { keywords: { allOf: 0 } }],
  ['Record', { keywords: { patternProperties: 1, additionalProperties: 1 }, madeUp: ['patternProperties'] }],
  ['Enum', { keywords: { enum: 0, anyOf: 0, const: 0 } }],
  ['Dependent', { keywords: Object.fromEntries(['if', 'then', 'else'].map((keyword, index) => [keyword, index])) }],
  ['Rest', { keywords: { items: 0 } }],
  ['Literal', { keywords: { const: 0 } }],
  ['Cyclic', { keywords: { $defs: 0 } }],
])
