import { Type } from 'typebox'
import { bigint, bytes, date, map, set, url } from '../../../schemas/schema.js'

export type { StaticDecode as Static } from 'typebox'

// As the table beside it: what travels in another form than the application has it, and what only the compiler can infer.

/** An amount of money. */
export class Money {
  readonly cents: number

  constructor(cents: number) {
    this.cents = cents
  }
}

const cents = Type.Codec(Type.Integer())
  .Decode((value) => new Money(value))
  .Encode((money) => money.cents)

export const dateValue = date()
export const bigintValue = bigint()
export const bytesValue = bytes()
export const urlValue = url()
export const mapValue = map(Type.String(), date())
export const mapOfMaps = map(bigint(), map(date(), Type.Object({ tags: set(Type.String()) })))
export const setValue = set(bigint())
export const objectValue = Type.Object({
  at: date(),
  until: Type.Optional(date()),
  seen: Type.Readonly(Type.Optional(Type.Union([date(), Type.Null()]))),
  list: Type.Array(bytes()),
  pair: Type.Tuple([Type.String(), date(), Type.Optional(bigint())]),
  row: Type.Tuple([date(), Type.Rest(Type.Array(bigint()))]),
  byName: Type.Record(Type.String(), url()),
  both: Type.Intersect([Type.Object({ a: date() }), Type.Object({ b: bigint() })]),
})
export const unionValue = Type.Union([date(), Type.Number(), set(Type.String()), Type.Object({ n: bigint() })])
export const unionOfVariants = Type.Union([
  Type.Null(),
  Type.Object({ kind: Type.Literal('at'), at: date() }),
  Type.Object({ kind: Type.Literal('plain'), text: Type.String() }),
])
export const Tree = Type.Cyclic({ Tree: Type.Object({ at: date(), trees: Type.Array(Type.Ref('Tree')) }) }, 'Tree')
export const MoneyCodec = cents
export const wallet = Type.Object({ named: cents, optional: Type.Optional(cents), list: Type.Array(cents) })
export const partialWallet = Type.Partial(wallet)
const point = Type.Object({ x: Type.Number(), y: Type.Number() })
export const inlineCodecs = Type.Object({
  text: Type.Codec(Type.String())
    .Decode((value) => value.split(','))
    .Encode((parts) => parts.join(',')),
  anything: Type.Codec(Type.String())
    .Decode((value) => JSON.parse(value))
    .Encode((value) => JSON.stringify(value)),
  tuple: Type.Tuple([
    Type.Null(),
    Type.Codec(Type.Boolean())
      .Decode((value) => (value ? ('on' as const) : ('off' as const)))
      .Encode((word) => word === 'on'),
  ]),
  record: Type.Record(
    Type.String(),
    Type.Codec(point)
      .Decode(({ x, y }) => [x, y] as const)
      .Encode(([x, y]) => ({ x, y })),
  ),
  nested: map(
    Type.String(),
    Type.Codec(Type.Object({ at: date() }))
      .Decode(({ at }) => ({ time: at.getTime() }))
      .Encode(({ time }) => ({ at: new Date(time) })),
  ),
})
export const recursiveCodec = Type.Cyclic(
  {
    Branch: Type.Object({
      weight: Type.Codec(Type.Number())
        .Decode((grams) => ({ grams }))
        .Encode(({ grams }) => grams),
      branches: Type.Array(Type.Ref('Branch')),
    }),
  },
  'Branch',
)
export const unsafeValue = Type.Unsafe<`#${string}`>({ type: 'string', pattern: '^#' })
export const unsafeInside = Type.Object({
  level: Type.Unsafe<'low' | 'high'>({ type: 'string', enum: ['low', 'high'] }),
  brand: Type.Optional(Type.Unsafe<number & { readonly brand: 'id' }>(Type.Integer())),
  shape: Type.Unsafe<{ readonly a: 1 }>({
    type: 'object',
    properties: { a: { type: 'integer', const: 1 }, b: Type.Null() },
    required: ['a'],
  }),
})
export const refinedValue = Type.Object({ even: Type.Refine(Type.Integer(), (value) => value % 2 === 0) })
