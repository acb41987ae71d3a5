import { connection, Type } from 'netgen/schema'

/** Calls on through as many peers as there are left, and fails at the last, or counts them. */
export const relay = connection({
  input: Type.Object({ left: Type.Integer({ minimum: 0 }), fails: Type.Boolean() }),
  output: Type.Integer(),
})

/** Counts what is on a shelf that is not there. */
export const countItems = connection({ input: Type.Object({ item: Type.String() }), output: Type.Integer() })
