import { event, Type } from 'netgen/schema'

/** An order was paid. */
export const paid = event({
  payload: Type.Object({ order: Type.Integer(), cents: Type.Integer(), note: Type.String() }),
  delivery: 'durable',
})
