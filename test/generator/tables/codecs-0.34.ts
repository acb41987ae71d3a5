import { Type } from '@sinclair/typebox'

export type { StaticDecode as Static } from '@sinclair/typebox'

// As the table beside it, in the older generation of TypeBox.

const cents = Type.Transform(Type.Integer())
  .Decode((value) => ({ cents: value }))
  .Encode((money) => money.cents)

export const MoneyCodec = cents
export const wallet = Type.Object({ named: cents, optional: Type.Optional(cents), list: Type.Array(cents) })
export const inlineCodecs = Type.Object({
  text: Type.Transform(Type.String())
    .Decode((value) => value.split(','))
    .Encode((parts) => parts.join(',')),
  tuple: Type.Tuple([
    Type.Null(),
    Type.Transform(Type.Boolean())
      .Decode((value) => (value ? ('on' as const) : ('off' as const)))
      .Encode((word) => word === 'on'),
  ]),
  record: Type.Record(
    Type.String(),
    Type.Transform(Type.Object({ x: Type.Number() }))
      .Decode(({ x }) => [x] as const)
      .Encode(([x]) => ({ x })),
  ),
})
export const unionValue = Type.Union([
  Type.Null(),
  Type.Transform(Type.String())
    .Decode((value) => value.length)
    .Encode((length) => ' '.repeat(length)),
])
export const unsafeValue = Type.Unsafe<`#${string}`>({ type: 'string', pattern: '^#' })
export const unsafeInside = Type.Object({
  level: Type.Unsafe<'low' | 'high'>({ type: 'string', enum: ['low', 'high'] }),
})
/** Its recursion does not hide the type of a codec that is exported. */
export const recursiveValue = Type.Recursive((This) => Type.Object({ price: cents, parts: Type.Array(This) }))
const parts = Type.Module({
  Part: Type.Object({
    key: Type.Unsafe<`k${number}`>({ type: 'string' }),
    price: Type.Transform(Type.Integer())
      .Decode((value) => ({ cents: value }))
      .Encode((money) => money.cents),
  }),
})
export const Part = parts.Import('Part')
