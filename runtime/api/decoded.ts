/**
 * What the application has for a schema whose TypeScript type stands in no JSON Schema: a codec, an unsafe type or a
 * TypeScript enum, of either generation of TypeBox. `unknown` where the path leads to none of them.
 *
 * @template Schema The type of an export of the schema file: a declaration or a schema.
 * @template Path From there to the schema, as the live objects are nested. Default: the export itself.
 */
export type Decoded<Schema, Path extends readonly (string | number)[] = []> = DecodedBy<
  At<Schema extends { readonly '~netgen': DeclarationKind; readonly declaration: infer Parts } ? Parts : Schema, Path>
>

type DeclarationKind = 'connection' | 'event' | 'flag'

type At<Schema, Path extends readonly (string | number)[]> = Path extends readonly [
  infer Key,
  ...infer Rest extends readonly (string | number)[],
]
  ? Key extends keyof Schema
    ? At<NonNullable<Schema[Key]>, Rest>
    : unknown
  : Schema

// TypeBox 1.x declares the two functions of a codec the other way round.
type DecodedBy<Schema> = Schema extends { '~codec': { encode: (value: unknown) => infer Value } }
  ? Value
  : Schema extends { '~unsafe': infer Value }
    ? Value
    : Schema extends { '~kind': 'Enum'; enum: (infer Value)[] }
      ? Value
      : DecodedByOlder<Schema, OlderCodec<Schema>>

type DecodedByOlder<Schema, Codec> = [Codec] extends [never]
  ? Schema extends { static: infer Value }
    ? Value
    : unknown
  : Codec extends { Decode: (value: never) => infer Value }
    ? Value
    : unknown

/** It stands under a symbol of TypeBox 0.34's, which cannot be named without that package. */
type OlderCodec<Schema> = Extract<Schema[keyof Schema & symbol], { Decode: (value: never) => unknown }>
