/** A type in a form that every tool's own language can say. */
export type Shape =
  | { readonly is: 'string' | 'integer' | 'number' | 'boolean' | 'uuid' }
  | { readonly is: 'choice'; readonly of: readonly string[] }
  | { readonly is: 'list'; readonly of: Shape }
  | { readonly is: 'record'; readonly fields: Readonly<Record<string, Field>> }

/** One field of a record. */
export interface Field {
  readonly shape: Shape
  readonly optional: boolean
}

/** One call that a service answers. */
export interface Method {
  /** `method7`. */
  readonly name: string
  /** `Method7`. */
  readonly typeName: string
  readonly input: Shape
  readonly output: Shape
}

/** Describes a service of as many methods, of realistic size: 5 to 6 fields each way, nested, one union, one format. No two are equal. */
export function describeService(methods: number): Method[] {
  return Array.from({ length: methods }, (_, index) => ({
    name: `method${index}`,
    typeName: `Method${index}`,
    input: record({
      id: UUID,
      count: INTEGER,
      [`extra${index}?`]: NUMBER,
      kind: { is: 'choice', of: ['a', 'b', `k${index}`] },
      tags: listOf(STRING),
      meta: record({ at: INTEGER, 'by?': STRING }),
    }),
    output: record({
      ok: BOOLEAN,
      total: INTEGER,
      [`field${index}`]: STRING,
      items: listOf(record({ sku: STRING, quantity: INTEGER, 'price?': NUMBER })),
      next: record({ cursor: STRING, more: BOOLEAN }),
    }),
  }))
}

const STRING: Shape = { is: 'string' }
const UUID: Shape = { is: 'uuid' }
const INTEGER: Shape = { is: 'integer' }
const NUMBER: Shape = { is: 'number' }
const BOOLEAN: Shape = { is: 'boolean' }

function listOf(of: Shape): Shape {
  return { is: 'list', of }
}

/** A name that ends in `?` is of an optional field. */
function record(fields: Readonly<Record<string, Shape>>): Shape {
  const entries = Object.entries(fields).map(([name, shape]): [string, Field] => {
    return [name.replace('?', ''), { shape, optional: name.endsWith('?') }]
  })
  return { is: 'record', fields: Object.fromEntries(entries) }
}
