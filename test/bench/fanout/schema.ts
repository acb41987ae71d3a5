import { event, Type } from 'netgen/schema'

const Line = Type.Object({ sku: Type.String(), quantity: Type.Integer(), price: Type.Number() })

/** Something happened to an order. */
export const news = event({
  payload: Type.Object({
    seq: Type.Integer(),
    id: Type.String({ maxLength: 40 }),
    status: Type.String({ maxLength: 40 }),
    total: Type.Number(),
    at: Type.Integer(),
    by: Type.String({ maxLength: 40 }),
    lines: Type.Optional(Type.Array(Line)),
  }),
})
